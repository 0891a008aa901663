package dev.tandem.deploy.load;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reports progress several times a second and not with every answer: making figures takes longer than a small model. */
final class Pulse {

    private static final long INTERVAL_NANOS = Duration.ofMillis(100).toNanos();

    private final Consumer<LoadFigures> progress;
    private final Supplier<LoadFigures> figures;
    private long lastNanos = System.nanoTime();

    Pulse(Consumer<LoadFigures> progress, Supplier<LoadFigures> figures) {
        this.progress = progress;
        this.figures = figures;
    }

    void beat() {
        long now = System.nanoTime();
        if (now - lastNanos >= INTERVAL_NANOS) {
            lastNanos = now;
            progress.accept(figures.get());
        }
    }
}
