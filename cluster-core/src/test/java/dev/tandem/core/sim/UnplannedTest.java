package dev.tandem.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.topology.CoreGroupId;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Drift and losses, with figures by hand: one layer of 2 s, tensors of 1000 bytes. */
class UnplannedTest {

    private static final CoreGroupId A = new CoreGroupId("a", "cpu");

    private final Line line = new Line(List.of(2.0), Line.nodes(1e12, 0, "a", "b"), RuntimeCosts.NONE);
    private final Line links = new Line(List.of(0.0), Line.nodes(1000, 0.25, "a", "b"), RuntimeCosts.NONE);

    @Test
    void computesWhatBeginsAfterADriftAtTheNewRate() {
        Scenario slower = Scenario.of(new Arrivals.ClosedLoop(4, 1), 1)
                .withDrifts(new Drift.OfCoreGroup(A, 7, 2), new Drift.OfCoreGroup(A, 3, 0.5));

        SimulationResult result = line.simulation(4, line.single("a", 1)).run(slower);

        // Begin at 0, 2 (before the drift at 3), 4 (half the rate: until 8) and 8 (twice the rate, after 7).
        assertThat(result.durationSeconds()).isCloseTo(9, within(1e-6));
        assertThat(result.latencies().percentileSeconds(25)).isCloseTo(1, within(1e-6));
        assertThat(result.latencies().percentileSeconds(75)).isCloseTo(2, within(1e-6));
        assertThat(result.latencies().maxSeconds()).isCloseTo(4, within(1e-6));
    }

    @Test
    void leavesTheTimePerCallAndPerFrameAloneWhenARateDrifts() {
        Line costly = new Line(List.of(2.0), Line.nodes(1000, 0.25, "a"), new RuntimeCosts(0.5, 0.125, 500, 1));
        Scenario slower = Scenario.of(new Arrivals.ClosedLoop(1, 1), 1)
                .withDrifts(new Drift.OfCoreGroup(A, 0, 0.5), new Drift.OfLink("a", "gateway", 0, 0.25));

        SimulationResult result = costly.simulation(1, costly.single("a", 1)).run(slower);

        // There: 1 s, 2 frames, latency. Call: 0.5 s and 4 s. Back: 4 s, 2 frames, latency.
        assertThat(result.durationSeconds()).isCloseTo(1 + 0.25 + 0.25 + 0.5 + 4 + 4 + 0.25 + 0.25, within(1e-9));
    }

    @Test
    void sendsWhatBeginsAfterADriftAtTheNewRate() {
        Scenario slower = Scenario.of(new Arrivals.At(List.of(0.0, 0.0, 0.0)), 1)
                .withDrifts(new Drift.OfLink("gateway", "a", 1, 0.5));

        SimulationResult result = links.simulation(4, links.single("a", 1)).run(slower);

        // The first is there at 1.25 s; the others take 2 s each, one after the other. Back 1 s and latency.
        assertThat(result.latencies().percentileSeconds(33)).isCloseTo(2.5, within(1e-9));
        assertThat(result.latencies().percentileSeconds(66)).isCloseTo(4.5, within(1e-9));
        assertThat(result.latencies().maxSeconds()).isCloseTo(6.5, within(1e-9));
    }

    @Test
    void losesWhatIsInALaneOverALostNodeAndGoesOnWithTheOthers() {
        Scenario loss = Scenario.of(new Arrivals.ClosedLoop(100, 8), 1).withLosses(new NodeLoss("a", 21));

        SimulationResult result =
                line.simulation(4, line.single("a", 1), line.single("b", 1)).run(loss);

        // Until 21 s each has answered 10 requests. The 4 in lane a are lost; b answers the remaining 76.
        assertThat(result.lost()).isEqualTo(4);
        assertThat(result.completed()).isEqualTo(96);
        assertThat(result.durationSeconds()).isCloseTo(2 * (10 + 76), within(1e-6));
        assertThat(result.throughputPerSecond()).isCloseTo(0.5, within(0.01));
    }

    @Test
    void usesALaneThatStandsByWhenNoOtherIsLeft() {
        Scenario loss = Scenario.of(new Arrivals.ClosedLoop(100, 8), 1).withLosses(new NodeLoss("a", 21));

        SimulationResult result =
                line.simulation(4, line.single("a", 1), line.single("b", 0)).run(loss);

        // Until 21 s a has answered 10 requests. The 4 in its lane are lost; b answers the remaining 86.
        assertThat(result.lost()).isEqualTo(4);
        assertThat(result.completed()).isEqualTo(96);
        assertThat(result.durationSeconds()).isCloseTo(21 + 2 * 86, within(1e-6));
    }

    @Test
    void losesEverythingAfterTheOnlyLaneIsGone() {
        Scenario loss = Scenario.of(new Arrivals.ClosedLoop(100, 8), 1).withLosses(new NodeLoss("b", 21));

        SimulationResult result = line.simulation(4, line.rows("a", "b", 5)).run(loss);

        assertThat(result.completed()).isEqualTo(20);
        assertThat(result.lost()).isEqualTo(80);
        assertThat(result.durationSeconds()).isCloseTo(21, within(1e-9));
    }

    @Test
    void losesEverythingWithTheGatewayAndNothingWithANodeThatIsNotUsed() {
        Simulation simulation = line.simulation(4, line.single("a", 1));
        Scenario scenario = Scenario.of(new Arrivals.OpenLoop(50, 0.1), 1);

        assertThat(simulation.run(scenario.withLosses(new NodeLoss("gateway", 0))))
                .satisfies(result -> {
                    assertThat(result.completed()).isZero();
                    assertThat(result.lost()).isEqualTo(50);
                    assertThat(result.throughputPerSecond()).isZero();
                    assertThat(result.latencies().maxSeconds()).isNaN();
                });
        assertThat(simulation.run(scenario.withLosses(new NodeLoss("b", 0))).lost())
                .isZero();
    }

    @Test
    void answersOrLosesEveryRequestOnceWhateverHappens() {
        Line busy = new Line(
                List.of(0.3, 0.2),
                Line.nodes(5000, 0.01, "a", "b", "c").withMedium("air", Set.of("a", "c")),
                RuntimeCosts.NONE);
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Scenario scenario = Scenario.of(arrivals(random), seed)
                    .with(new Jitter(random.nextDouble(), random.nextDouble()))
                    .withDrifts(new Drift.OfCoreGroup(A, random.nextInt(40), 0.5))
                    .withLosses(
                            new NodeLoss("b", random.nextInt(100)),
                            new NodeLoss("c", random.nextInt(100)),
                            new NodeLoss("b", random.nextInt(100)));
            Simulation simulation = busy.simulation(
                    1 + random.nextInt(4), busy.chain("a", "b"), busy.rows("b", "c", 3), busy.single("a", 2));

            SimulationResult result = simulation.run(scenario);

            assertThat(result.completed() + result.lost()).as("seed %d", seed).isEqualTo(200);
            assertThat(result.latencies().count()).as("seed %d", seed).isEqualTo(result.completed());
        }
    }

    @Test
    void refusesWhatIsNotThere() {
        Scenario scenario = Scenario.of(new Arrivals.ClosedLoop(1, 1), 1);

        assertRefused(scenario.withLosses(new NodeLoss("x", 1)), "node loss: node 'x' must be one of [a, b, gateway]");
        assertRefused(
                scenario.withDrifts(new Drift.OfCoreGroup(new CoreGroupId("a", "gpu"), 0, 1)),
                "core group a/gpu must be one of the topology's");
        assertRefused(
                scenario.withDrifts(new Drift.OfLink("a", "x", 0, 1)), "link a -> x must be one of the topology's");
    }

    @Test
    void refusesValuesThatMeanNothing() {
        assertIllegal(() -> new Arrivals.ClosedLoop(0, 1), "requests (0) must be at least 1");
        assertIllegal(() -> new Arrivals.ClosedLoop(1, 0), "requests in flight (0) must be at least 1");
        assertIllegal(() -> new Arrivals.OpenLoop(1, 0), "rate (0.0 requests per second) must be finite and above 0");
        assertIllegal(() -> new Arrivals.At(List.of()), "requests (0) must be at least 1");
        assertIllegal(() -> new Arrivals.At(List.of(2.0, 1.0)), "arrival at 1.0 s must be finite and not before 2.0 s");
        assertIllegal(() -> new Jitter(-1, 0), "computeSigma (-1.0)");
        assertIllegal(() -> new Jitter(0, Double.NaN), "transferSigma (NaN)");
        assertIllegal(() -> new NodeLoss("a", -1), "loss of node a at -1.0 s");
        assertIllegal(() -> new Drift.OfCoreGroup(A, 0, 0), "a finite factor above 0 (0.0)");
        assertIllegal(() -> new Drift.OfLink("a", "b", -1, 1), "must begin at 0 s or later (-1.0)");
    }

    private static Arrivals arrivals(Random random) {
        return random.nextBoolean()
                ? new Arrivals.OpenLoop(200, 2)
                : new Arrivals.ClosedLoop(200, 1 + random.nextInt(20));
    }

    private void assertRefused(Scenario scenario, String reason) {
        Simulation simulation = line.simulation(4, line.single("a", 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> simulation.run(scenario))
                .withMessageContaining(reason);
    }

    private static void assertIllegal(Runnable making, String reason) {
        assertThatIllegalArgumentException().isThrownBy(making::run).withMessageContaining(reason);
    }
}
