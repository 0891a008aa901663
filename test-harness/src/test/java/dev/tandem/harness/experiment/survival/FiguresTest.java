package dev.tandem.harness.experiment.survival;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {

    private static final double FAULT = 4;
    private static final double SETTLED = 6;

    @Test
    void recoveryIsTheLongestWaitSinceTheFault() {
        List<Answer> answers = List.of(
                answer(3.7, 3.8), // before it
                answer(3.9, 4.6), // under way: waits 0.6 s from the fault on
                answer(4.1, 4.9), // afterwards: waits 0.8 s from when it was meant to leave on
                answer(4.8, 4.9));

        Figures figures = Figures.of(answers, FAULT, SETTLED);
        assertThat(figures.recovery()).isCloseTo(0.8, within(1e-9));
        assertThat(figures.recovered()).isCloseTo(0.9, within(1e-9));
    }

    @Test
    void slowRequestsBeforeTheFaultAreNotItsDoing() {
        assertThat(Figures.of(List.of(answer(1.5, 3.9)), FAULT, SETTLED).recovery())
                .isZero();
    }

    @Test
    void percentilesAreThoseOfTheTimesWithoutTheFault() {
        List<Answer> answers = new ArrayList<>(List.of(answer(0.5, 1.9), answer(4.5, 5.5)));
        for (int number = 0; number < 100; number++) {
            answers.add(answer(2 + number / 100.0, 2 + number / 100.0 + (number == 99 ? 0.5 : 0.01)));
            answers.add(answer(7 + number / 100.0, 7 + number / 100.0 + 0.02));
        }

        Figures figures = Figures.of(answers, FAULT, SETTLED);

        assertThat(figures.p99Before()).isCloseTo(0.01, within(1e-9));
        assertThat(figures.slowestBefore()).isCloseTo(0.5, within(1e-9));
        assertThat(figures.p99After()).isCloseTo(0.02, within(1e-9));
    }

    private static Answer answer(double scheduled, double end) {
        return new Answer(scheduled, end, "", 0);
    }
}
