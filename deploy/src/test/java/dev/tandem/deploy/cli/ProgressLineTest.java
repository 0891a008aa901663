package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void overwritesItsLineForAPerson() {
        CapturedTerminal captured = new CapturedTerminal(true);

        try (ProgressLine progress = new ProgressLine(captured.terminal(), nanos::get)) {
            progress.update(() -> "one");
            progress.update(() -> "too soon");
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            progress.update(() -> "two");
        }

        assertThat(captured.err()).isEqualTo("\rone\033[K\rtwo\033[K\r\033[K");
    }

    @Test
    void printsALineNowAndThenForALog() {
        CapturedTerminal captured = new CapturedTerminal(false);

        try (ProgressLine progress = new ProgressLine(captured.terminal(), nanos::get)) {
            progress.update(() -> "too soon");
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(6));
            progress.update(() -> "half done");
        }

        assertThat(captured.err().lines()).containsExactly("tandem: half done");
        assertThat(captured.out()).isEmpty();
    }
}
