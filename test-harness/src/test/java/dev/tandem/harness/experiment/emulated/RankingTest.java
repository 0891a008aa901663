package dev.tandem.harness.experiment.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.planner.Objective;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankingTest {

    private static final Runs LATENCY = new Runs("five", "a", Objective.LATENCY);
    private static final Runs RATE = new Runs("five", "a", Objective.THROUGHPUT);

    @Test
    void plansWithTheSameLanesAreOne() {
        List<MeasuredPlan> plans = MeasuredPlan.of(List.of(
                LATENCY.run("tandem", 1, "x", 1.0, 1),
                LATENCY.run("hidp", 1, "x", 1.0, 1),
                LATENCY.run("hidp", 2, "x", 3.0, 1),
                LATENCY.run("modnn", 1, "y", 1.0, 1),
                RATE.run("tandem", 1, "x", 1.0, 1)));

        assertThat(plans).hasSize(3);
        assertThat(plans.get(0).makers()).isEqualTo("tandem = hidp");
        assertThat(plans.get(0).rounds()).hasSize(2);
        assertThat(plans.get(0).median(Run::measured)).isEqualTo(2);
    }

    @Test
    void holdsWhenTheFirstIsFirstOrWithinNoise() {
        List<MeasuredPlan> plans = plans(
                predicted(LATENCY, "first", 1, 1.00, 1.02, 0.98),
                predicted(LATENCY, "slower", 2, 1.50, 1.51, 1.49),
                predicted(LATENCY, "alike", 3, 0.99, 1.00, 1.01),
                predicted(LATENCY, "quicker", 4, 0.50, 0.51, 0.49));

        Ranking ranking = Ranking.of(Opinion.PREDICTED, plans);

        assertThat(ranking.duels()).extracting(duel -> duel.first().lanes()).containsOnly("first");
        assertThat(ranking.duels()).extracting(Ranking.Duel::isHeld).containsExactly(true, true, false);
        assertThat(ranking.held()).isEqualTo(2);
        assertThat(ranking.heldGroups()).isZero();
    }

    @Test
    void firstOfRatesIsTheHighest() {
        Ranking ranking =
                Ranking.of(Opinion.SIMULATED, plans(predicted(RATE, "low", 1, 1, 1), predicted(RATE, "high", 2, 2, 2)));

        assertThat(ranking.groups()).singleElement().satisfies(group -> {
            assertThat(group.first().lanes()).isEqualTo("high");
            assertThat(group.isHeld()).isTrue();
        });
    }

    @Test
    void oneRoundDoesNotExcuseTheFirst() {
        Ranking ranking =
                Ranking.of(Opinion.PREDICTED, plans(predicted(RATE, "low", 3, 1), predicted(RATE, "high", 2, 1.01)));

        assertThat(ranking.held()).isZero();
    }

    @Test
    void countsPlansThatShareNoRound() {
        Ranking ranking = Ranking.of(
                Opinion.PREDICTED,
                plans(List.of(RATE.run("a", 1, 1)), List.of(RATE.run("b", 2, 1)), predicted(LATENCY, "alone", 1, 1)));

        assertThat(ranking.duels()).isEmpty();
        assertThat(ranking.groups()).isEmpty();
        assertThat(ranking.notPaired()).isEqualTo(1);
    }

    @Test
    void errorIsOfMediansOverRoundsAndOfRuns() {
        PredictionError error = PredictionError.of(
                Objective.LATENCY,
                Opinion.PREDICTED,
                plans(predicted(LATENCY, "a", 1, 0.9, 1.05, 1.5), predicted(LATENCY, "b", 1, 1.2)));

        assertThat(error.plans().error().median()).isCloseTo((0.05 + 0.2) / 2, within(1e-9));
        assertThat(error.plans().within()).isEqualTo(1);
        assertThat(error.runs().count()).isEqualTo(4);
        assertThat(error.runs().error().median()).isCloseTo(0.15, within(1e-9));
    }

    @SafeVarargs
    private static List<MeasuredPlan> plans(List<Run>... runs) {
        List<Run> all = new ArrayList<>();
        for (List<Run> some : runs) {
            all.addAll(some);
        }
        return MeasuredPlan.of(all);
    }

    private static List<Run> predicted(Runs of, String planner, double predicted, double... measured) {
        return of.rounds(planner, measured).stream()
                .map(run -> of.run(planner, run.which().round(), planner, run.measured(), predicted))
                .toList();
    }
}
