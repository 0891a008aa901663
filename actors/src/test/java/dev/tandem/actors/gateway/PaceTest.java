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
            pace.answered(now, false, 0);
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

    @Test
    void countsUponWhatNineOfTenWereAwayWhereThatIsLonger() {
        for (int answer = 0; answer < 64; answer++) {
            now += 100;
            pace.answered(now, true, answer % 4 == 0 ? 700 : 300);
        }

        assertThat(pace.nanosUntilAnswered(4, 0)).isEqualTo(700);
        assertThat(pace.nanosUntilAnswered(4, 3)).isEqualTo(1000);
        assertThat(pace.nanosUntilAnswered(8, 3)).isEqualTo(1200);
    }

    @Test
    void aPauseThatMadeAllOfThemLateCountsTwiceAsMuchAsTheirNumberAtTheMost() {
        for (int answer = 0; answer < 64; answer++) {
            now += 100;
            pace.answered(now, true, 1_000_000);
        }

        assertThat(pace.nanosUntilAnswered(4, 0)).isEqualTo(1000);
        assertThat(pace.nanosUntilAnswered(0, 0)).isEqualTo(200);
    }

    private void answer(int times, long spacing) {
        for (int answer = 0; answer < times; answer++) {
            now += spacing;
            pace.answered(now, true, 0);
        }
    }
}
