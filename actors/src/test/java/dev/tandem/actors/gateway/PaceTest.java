package dev.tandem.actors.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {

    private final Pace pace = new Pace();
    private long now = 1_000_000;

    @Test
    void knowsNothingOfFewAnswers() {
        answer(8, 100);

        assertThat(pace.nanosFor(5)).isZero();
    }

    @Test
    void isTheTimeFromOneAnswerToTheNext() {
        answer(9, 100);

        assertThat(pace.nanosFor(5)).isEqualTo(500);
    }

    @Test
    void saysNothingOfTimesAtWhichNothingWaited() {
        answer(9, 100);

        for (int answer = 0; answer < 20; answer++) {
            now += 1000;
            pace.answered(now, false);
        }
        answer(1, 1000);

        assertThat(pace.nanosFor(5)).isEqualTo(500);
    }

    @Test
    void leavesPausesOut() {
        answer(9, 100);
        answer(1, 1_000_000_000);

        assertThat(pace.nanosFor(5)).isEqualTo(500);
    }

    @Test
    void averagesOverBunches() {
        for (int bunch = 0; bunch < 20; bunch++) {
            answer(1, 400);
            answer(3, 0);
        }

        assertThat(pace.nanosFor(1)).isBetween(85L, 100L);
    }

    @Test
    void forgetsWhatWasLongAgo() {
        answer(100, 1000);
        answer(66, 100);

        assertThat(pace.nanosFor(1)).isEqualTo(100);
    }

    private void answer(int times, long spacing) {
        for (int answer = 0; answer < times; answer++) {
            now += spacing;
            pace.answered(now, true);
        }
    }
}
