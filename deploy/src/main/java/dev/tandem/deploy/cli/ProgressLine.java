package dev.tandem.deploy.cli;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One line on standard error that says how far something is: overwritten in place for a person, a plain line now and
 * then for a log. Used by one thread at a time.
 */
final class ProgressLine implements AutoCloseable {

    private static final Duration LIVE_INTERVAL = Duration.ofMillis(200);
    private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(5);
    private static final int MAX_COLUMNS = 118;
    private static final String TO_LINE_START = "\r";
    private static final String ERASE_TO_LINE_END = "\033[K";

    private final Terminal terminal;
    private final LongSupplier nanoTime;
    private final long intervalNanos;
    private long lastNanos;
    private boolean isShown;

    ProgressLine(Terminal terminal) {
        this(terminal, System::nanoTime);
    }

    ProgressLine(Terminal terminal, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.intervalNanos = (terminal.isInteractive() ? LIVE_INTERVAL : PLAIN_INTERVAL).toNanos();
        this.lastNanos = nanoTime.getAsLong() - (terminal.isInteractive() ? intervalNanos : 0);
    }

    /** Shows the text if the last one is old enough; it is made only then. */
    void update(Supplier<String> text) {
        long now = nanoTime.getAsLong();
        if (now - lastNanos >= intervalNanos) {
            lastNanos = now;
            show(text.get());
        }
    }

    /** Removes the line, so that what is printed next stands alone. */
    @Override
    public void close() {
        if (isShown && terminal.isInteractive()) {
            terminal.err().print(TO_LINE_START + ERASE_TO_LINE_END);
            terminal.err().flush();
        }
        isShown = false;
    }

    private void show(String text) {
        isShown = true;
        String shown = text.length() > MAX_COLUMNS ? text.substring(0, MAX_COLUMNS) : text;
        if (terminal.isInteractive()) {
            terminal.err().print(TO_LINE_START + shown + ERASE_TO_LINE_END);
            terminal.err().flush();
        } else {
            terminal.note(shown);
        }
    }
}
