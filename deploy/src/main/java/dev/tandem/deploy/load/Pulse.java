package dev.tandem.deploy.load;

import java.time.Duration;

/** Reports progress several times a second and not with every answer: making figures takes longer than a small model. */
public final class Pulse {

    private static final long INTERVAL_NANOS = Duration.ofMillis(100).toNanos();

    private final Runnable report;
    private long lastNanos = System.nanoTime();

    public Pulse(Runnable report) {
        this.report = report;
    }

    /** Reports, unless that was just done. */
    public void beat() {
        long now = System.nanoTime();
        if (now - lastNanos >= INTERVAL_NANOS) {
            lastNanos = now;
            report.run();
        }
    }
}
