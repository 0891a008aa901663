package dev.tandem.deploy.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SteadyRecorderTest {

    private static final long MILLI = 1_000_000;
    private static final MeasuringTime TIME = new MeasuringTime(Duration.ofMillis(100), Duration.ofMillis(100));

    @Test
    void countsFromAnswerToAnswerWithinTheMeasuredTime() {
        SteadyRecorder recorder = new SteadyRecorder(0, TIME);

        for (long millis = 30; millis <= 240; millis += 30) {
            recorder.answer(millis * MILLI, millis * MILLI);
        }

        // Counted are those at 120, 150 and 180 ms, from the answer at 90 ms on.
        assertThat(recorder.figures().requests()).isEqualTo(3);
        assertThat(recorder.figures().seconds()).isCloseTo(0.09, within(1e-9));
        assertThat(recorder.figures().throughputPerSecond()).isCloseTo(3 / 0.09, within(1e-6));
        assertThat(recorder.isOver(199 * MILLI)).isFalse();
        assertThat(recorder.isOver(200 * MILLI)).isTrue();
    }

    @Test
    void countsOneAnswerAtLeast() {
        SteadyRecorder recorder = new SteadyRecorder(0, TIME);

        recorder.answer(500 * MILLI, 500 * MILLI);
        recorder.answer(900 * MILLI, 400 * MILLI);

        assertThat(recorder.figures().requests()).isEqualTo(1);
        assertThat(recorder.figures().throughputPerSecond()).isCloseTo(2, within(1e-9));
    }

    @Test
    void refusesNoTimeAtAll() {
        assertThatThrownBy(() -> new MeasuringTime(Duration.ZERO, Duration.ZERO))
                .hasMessageContaining("measured time (PT0S)");
        assertThatThrownBy(() -> new MeasuringTime(Duration.ofMillis(-1), Duration.ofMillis(1)))
                .hasMessageContaining("warm-up (PT-0.001S)");
    }

    @Test
    void measuresCallsBackToBack() {
        int[] calls = {0};

        LoadFigures figures = BackToBack.run(TIME, () -> calls[0]++);

        assertThat(figures.requests()).isBetween(1L, (long) calls[0]);
    }

    @Test
    void closedLoopEndsWhenItsTimeIsOver() throws Exception {
        int[] sent = {0};

        LoadFigures figures = new ClosedLoop<Integer>(2, Duration.ofSeconds(20))
                .runFor(TIME, request -> CompletableFuture.completedFuture(sent[0]++), progress -> {});

        assertThat(figures.requests()).isBetween(1L, (long) sent[0]);
        // From the last answer of the warm-up on, which may have come at any time of it.
        assertThat(figures.seconds()).isLessThanOrEqualTo(TIME.totalNanos() / 1e9);
    }
}
