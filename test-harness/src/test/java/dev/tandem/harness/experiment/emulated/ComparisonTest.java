package dev.tandem.harness.experiment.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.planner.Objective;
import dev.tandem.harness.experiment.emulated.Comparison.Beside;
import dev.tandem.harness.experiment.statistics.RatioInterval.Side;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final Runs A = new Runs("five", "a", Objective.LATENCY);
    private static final Runs B = new Runs("five", "b", Objective.LATENCY);
    private static final Runs A_RATE = new Runs("five", "a", Objective.THROUGHPUT);

    @Test
    void pairsRunsOfTheSameRound() {
        Comparison comparison = of(A.rounds("tandem", 1, 10, 100), A.rounds("modnn", 1.5, 15, 150));

        Beside beside = comparison.overall(Quantity.SPEED).get(0);

        assertThat(beside.ratio().mean()).isCloseTo(1.5, within(1e-12));
        assertThat(beside.ratio().factor().orElseThrow()).isCloseTo(1, within(1e-9));
        assertThat(beside.pairs()).isEqualTo(3);
        assertThat(beside.ratio().side()).isEqualTo(Side.ABOVE);
        assertThat(beside.isAhead()).isTrue();
    }

    @Test
    void aboveOneIsBetterForRatesToo() {
        Comparison comparison = of(A_RATE.rounds("tandem", 3, 3), A_RATE.rounds("modnn", 2, 2));

        assertThat(comparison.overall(Quantity.SPEED).get(0).ratio().mean()).isCloseTo(1.5, within(1e-12));
    }

    @Test
    void modelsCountTheSameWhateverTheirRounds() {
        Comparison comparison = of(
                A.rounds("tandem", 1, 1, 1), A.rounds("hidp", 4, 4, 4), B.rounds("tandem", 1), B.rounds("hidp", 0.25));

        assertThat(comparison.overall(Quantity.SPEED)).singleElement().satisfies(beside -> {
            assertThat(beside.ratio().mean()).isCloseTo(1, within(1e-12));
            assertThat(beside.pairs()).isEqualTo(4);
        });
        assertThat(comparison.bySetting(Quantity.SPEED))
                .extracting(beside -> beside.where().orElseThrow().model())
                .containsExactly("a", "b");
    }

    @Test
    void keepsAimsAndPlannersApart() {
        Comparison comparison = of(
                A.rounds("tandem", 1),
                A.rounds("hidp", 2),
                A.rounds("modnn", 3),
                A_RATE.rounds("tandem", 1),
                A_RATE.rounds("hidp", 2));

        assertThat(comparison.overall(Quantity.SPEED))
                .extracting(beside -> beside.planner() + " " + beside.aim())
                .containsExactly("hidp latency", "modnn latency", "hidp throughput");
    }

    @Test
    void samePlanIsNeitherAheadNorBehind() {
        Comparison comparison =
                of(List.of(A.run("tandem", 1, "x", 2, 2), A.run("disnet", 1, "x", 2, 2)), A.rounds("hidp", 2.0));

        assertThat(comparison.overall(Quantity.SPEED))
                .extracting(Beside::planner, Beside::same, Beside::isAhead, Words::verdict)
                .containsExactly(tuple("disnet", 1, false, "same plan"), tuple("hidp", 0, false, "within noise"));
    }

    @Test
    void energyIsOfRequests() {
        Comparison comparison = of(A.rounds("tandem", 1, 1), A.rounds("hidp", 3, 3));

        assertThat(comparison.overall(Quantity.ENERGY).get(0).ratio().mean()).isCloseTo(3, within(1e-12));
    }

    @Test
    void countsRunsWithoutTandems() {
        Comparison comparison = of(A.rounds("tandem", 1), A.rounds("hidp", 3, 3), B.rounds("hidp", 3));

        assertThat(comparison.withoutTandem()).isEqualTo(2);
        assertThat(comparison.overall(Quantity.SPEED).get(0).pairs()).isEqualTo(1);
    }

    @SafeVarargs
    private static Comparison of(List<Run>... runs) {
        List<Run> all = new ArrayList<>();
        for (List<Run> some : runs) {
            all.addAll(some);
        }
        return Comparison.of(all);
    }
}
