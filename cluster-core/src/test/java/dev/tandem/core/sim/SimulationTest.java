package dev.tandem.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.cost.ResourceKind;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Figures by hand: layers of 1 s and 3 s, tensors of 1000 bytes, links of 1000 bytes per second unless told. */
class SimulationTest {

    private static final List<Double> SECONDS = List.of(1.0, 3.0);
    private static final Arrivals ONE = new Arrivals.ClosedLoop(1, 1);

    private final Line line = new Line(SECONDS, Line.nodes(1000, 0.5, "a", "b"), RuntimeCosts.NONE);
    private final Line instant = new Line(SECONDS, Line.nodes(1e12, 0, "a", "b"), RuntimeCosts.NONE);

    @Test
    void computesOneRequestAfterTheOtherWithOneInFlight() {
        SimulationResult result = run(line.simulation(4, line.chain("a", "b")), new Arrivals.ClosedLoop(100, 1));

        // Three transfers of 1.5 s, 1 s on a, 3 s on b.
        assertThat(result.latencies().percentileSeconds(50)).isCloseTo(8.5, within(1e-9));
        assertThat(result.latencies().maxSeconds()).isCloseTo(8.5, within(1e-9));
        assertThat(result.throughputPerSecond()).isCloseTo(1 / 8.5, within(1e-9));
        assertThat(result.durationSeconds()).isCloseTo(850, within(1e-6));
        assertThat(use(result, ResourceKind.CORE_GROUP, "b/cpu").utilisation()).isCloseTo(3 / 8.5, within(1e-9));
        assertThat(use(result, ResourceKind.LINK, "a -> b").busySeconds()).isCloseTo(100, within(1e-9));
    }

    @Test
    void keepsTheSlowestStageBusyWithManyInFlight() {
        SimulationResult result = run(line.simulation(4, line.chain("a", "b")), new Arrivals.ClosedLoop(1000, 12));

        assertThat(result.throughputPerSecond()).isCloseTo(1 / 3.0, within(1e-9));
        assertThat(use(result, ResourceKind.CORE_GROUP, "b/cpu").utilisation()).isBetween(0.99, 1.0);
        assertThat(use(result, ResourceKind.CORE_GROUP, "a/cpu").utilisation()).isBetween(0.32, 1 / 3.0);
    }

    @Test
    void waitsForCreditBeforeItComputesTheNext() {
        Lane chain = line.chain("a", "b");

        double one =
                run(line.simulation(1, chain), new Arrivals.ClosedLoop(500, 50)).throughputPerSecond();
        double two =
                run(line.simulation(2, chain), new Arrivals.ClosedLoop(500, 50)).throughputPerSecond();
        double three =
                run(line.simulation(3, chain), new Arrivals.ClosedLoop(500, 50)).throughputPerSecond();

        // From a's beginning to its credit: 1 s on a, 1.5 s to b, 3 s on b, 0.5 s back. Then b needs 6 s per window.
        assertThat(one).isCloseTo(1 / 6.0, within(1e-9));
        assertThat(two).isCloseTo(2 / 6.0, within(1e-9));
        assertThat(three).isCloseTo(1 / 3.0, within(1e-9));
    }

    @Test
    void takesAWindowBeyondTheLongestReachAsTheRuntimeDoes() {
        Topology topology = Line.nodes(1000, 0, "a", "b");
        Line wide = new Line(SECONDS, topology, new RuntimeCosts(0, 0, 1 << 20, 7));

        assertThat(RuntimeCosts.NONE.window()).isEqualTo(1);
        assertThat(line.simulation(line.chain("a", "b")).window()).isEqualTo(2);
        assertThat(wide.simulation(wide.chain("a", "b")).window()).isEqualTo(7);
    }

    @Test
    void isSaturatedByAWindowOfRequestsForEachStepOfALane() {
        Simulation simulation = line.simulation(3, line.chain("a", "b"), line.rows("a", "b", 5));

        double saturated = run(simulation, new Arrivals.ClosedLoop(2000, simulation.saturation()))
                .throughputPerSecond();

        assertThat(simulation.saturation()).isEqualTo(3 * (3 + 2) + 1);
        assertThat(run(simulation, new Arrivals.ClosedLoop(2000, 500)).throughputPerSecond())
                .isCloseTo(saturated, within(1e-3));
    }

    @Test
    void holdsTheGatewayBackByCreditToo() {
        Lane single = instant.single("a", 1);
        Line far = new Line(SECONDS, Line.nodes(1e12, 3, "a", "b"), RuntimeCosts.NONE);

        // A request is 3 s under way, 4 s computed, and its credit 3 s under way.
        assertThat(run(far.simulation(1, single), new Arrivals.ClosedLoop(100, 50))
                        .throughputPerSecond())
                .isCloseTo(1 / 10.0, within(1e-6));
        assertThat(run(far.simulation(2, single), new Arrivals.ClosedLoop(100, 50))
                        .throughputPerSecond())
                .isCloseTo(2 / 10.0, within(1e-2));
        assertThat(run(far.simulation(3, single), new Arrivals.ClosedLoop(100, 50))
                        .throughputPerSecond())
                .isCloseTo(1 / 4.0, within(1e-6));
    }

    @Test
    void takesAsLongAsPredictedForRowsThatComeBackOneAfterTheOther() {
        Lane rows = line.rows("a", "b", 5);

        SimulationResult result = run(line.simulation(4, rows), ONE);

        // The second half is 0.5 s behind the first on the way there and on the way back.
        assertThat(line.score(rows).latencySeconds()).isCloseTo(4.5, within(1e-9));
        assertThat(result.latencies().maxSeconds()).isCloseTo(4.5, within(1e-9));
    }

    @Test
    void sharesTheReceivingCard() {
        Line even = new Line(List.of(0.0), Line.nodes(1000, 0, "a", "b"), RuntimeCosts.NONE);
        Line gradual = new Line(List.of(2.0), Line.nodes(1000, 0, "a", "b"), RuntimeCosts.NONE);

        // The first bytes of 600 from a and of 400 from b are at the gateway after 0.6 + 1.2 s and 0.6 + 0.4 + 0.8 s.
        Lane rows = gradual.rows("a", "b", 6);
        assertThat(gradual.score(rows).latencySeconds()).isCloseTo(1.8 + 1, within(1e-9));
        assertThat(run(gradual.simulation(4, rows), ONE).latencies().maxSeconds())
                .isCloseTo(1.8 + 1, within(1e-9));
        // Two whole requests at once: the second leaves the gateway's card a second later; both take a second back.
        SimulationResult two =
                run(even.simulation(4, even.single("a", 1), even.single("b", 1)), new Arrivals.At(List.of(0.0, 0.0)));
        assertThat(two.latencies().percentileSeconds(50)).isCloseTo(2, within(1e-9));
        assertThat(two.latencies().maxSeconds()).isCloseTo(3, within(1e-9));
    }

    @Test
    void letsNothingOverlapOnASharedMedium() {
        Line wireless = new Line(
                List.of(1.0, 3.0),
                Line.nodes(1000, 0.5, "a", "b").withMedium("air", Set.of("a", "b", "gateway")),
                RuntimeCosts.NONE);

        SimulationResult result =
                run(wireless.simulation(4, wireless.chain("a", "b")), new Arrivals.ClosedLoop(1000, 12));

        // Three transfers of 1 s for each request, and b computes for 3 s, too.
        assertThat(use(result, ResourceKind.SHARED_MEDIUM, "air").busySeconds()).isCloseTo(3000, within(1e-6));
        assertThat(result.throughputPerSecond()).isBetween(0.27, 1 / 3.0 + 1e-9);
        assertThat(run(line.simulation(4, line.chain("a", "b")), ONE).resources())
                .noneMatch(resource -> resource.kind() == ResourceKind.SHARED_MEDIUM);
    }

    @Test
    void halvesTheRateWhereBothDirectionsShareAMediumAsPredicted() {
        Topology wire = Line.nodes(1000, 0, "a", "b");
        Line wired = new Line(List.of(0.0), wire, RuntimeCosts.NONE);
        Line wireless = new Line(List.of(0.0), wire.withMedium("air", Set.of("a")), RuntimeCosts.NONE);
        Arrivals many = new Arrivals.ClosedLoop(1000, 20);

        // A second there and a second back: at the same time over wire, one after the other over the air.
        assertThat(run(wired.simulation(4, wired.single("a", 1)), many).throughputPerSecond())
                .isCloseTo(1, within(1e-9));
        assertThat(run(wireless.simulation(4, wireless.single("a", 1)), many).throughputPerSecond())
                .isCloseTo(0.5, within(1e-3));
        assertThat(wireless.score(wireless.single("a", 1)).throughputPerSecond())
                .isCloseTo(0.5, within(1e-12));
        assertThat(wireless.score(wireless.single("a", 1)).bottleneck()).isEqualTo("shared medium air: 2000.000 ms");
    }

    @Test
    void sparesASlowLaneWhileAFasterOneIsFree() {
        Simulation simulation = instant.simulation(2, instant.single("a", 1), instant.single("b", 3));

        List<Span> spans = new ArrayList<>();
        var unused = simulation.run(Scenario.of(new Arrivals.ClosedLoop(2000, 1), 1), spans::add);

        assertThat(spans.stream().filter(span -> span.resource().equals("b/cpu")))
                .hasSize(2000);
    }

    @Test
    void dealsToWhoeverHasRoomWhenALaneIsFull() {
        Lane slow = instant.single("a", 3);
        Lane fast = instant.single("b", 1);

        SimulationResult result = run(instant.simulation(2, slow, fast), new Arrivals.ClosedLoop(2000, 100));

        // By weight a would bound it: 3 of 4 requests at 4 s. But its window is full, and b takes as many.
        assertThat(instant.score(slow, fast).throughputPerSecond()).isCloseTo(1 / 3.0, within(1e-6));
        assertThat(result.throughputPerSecond()).isCloseTo(0.5, within(1e-2));
    }

    @Test
    void letsNoLaneWaitWhileRequestsQueueBeforeAnother() {
        Lane heavy = instant.single("a", 1.5);
        Lane light = instant.single("b", 1);

        SimulationResult result = run(instant.simulation(2, heavy, light), new Arrivals.ClosedLoop(2000, 2));

        // By weight the second request would queue behind the first, on a: 1 / 4 s for most of the time.
        assertThat(result.throughputPerSecond()).isCloseTo(0.5, within(1e-3));
    }

    @Test
    void keepsTheRateOfAnOpenLoop() {
        Simulation simulation = instant.simulation(4, instant.single("a", 1));

        SimulationResult result = run(simulation, new Arrivals.OpenLoop(50_000, 0.125));

        // M/D/1 at half load: a request waits load / (2 (1 - load)) service times on the average.
        assertThat(result.throughputPerSecond()).isCloseTo(0.125, within(0.003));
        assertThat(result.latencies().meanSeconds()).isCloseTo(4 + 4 * 0.5, within(0.1));
    }

    @Test
    void answersRequestsThatComeAtGivenTimes() {
        SimulationResult result =
                run(instant.simulation(4, instant.single("a", 1)), new Arrivals.At(List.of(1.0, 2.0, 20.0)));

        assertThat(result.completed()).isEqualTo(3);
        assertThat(result.durationSeconds()).isCloseTo(24, within(1e-6));
        assertThat(result.latencies().percentileSeconds(50)).isCloseTo(4, within(1e-6));
        assertThat(result.latencies().maxSeconds()).isCloseTo(7, within(1e-6));
    }

    @Test
    void tellsWhatEveryCoreGroupAndLinkDoes() {
        List<Span> spans = new ArrayList<>();

        line.simulation(4, line.chain("a", "b")).run(Scenario.of(ONE, 1), spans::add);

        assertThat(spans)
                .containsExactly(
                        new Span(ResourceKind.LINK, "gateway -> a", 0, 0, "gateway -> 0.0", 0, 1),
                        new Span(ResourceKind.CORE_GROUP, "a/cpu", 0, 0, "0.0", 1.5, 2.5),
                        new Span(ResourceKind.LINK, "a -> b", 0, 0, "0.0 -> 1.0", 2.5, 3.5),
                        new Span(ResourceKind.CORE_GROUP, "b/cpu", 0, 0, "1.0", 4, 7),
                        new Span(ResourceKind.LINK, "b -> gateway", 0, 0, "1.0 -> gateway", 7, 8));
    }

    @Test
    void neverDoesTwoThingsAtATimeOnOneResource() {
        List<Span> spans = new ArrayList<>();
        Scenario scenario = Scenario.of(new Arrivals.OpenLoop(500, 0.3), 7).with(new Jitter(0.5, 0.5));

        line.simulation(3, line.rows("a", "b", 4), line.chain("a", "b")).run(scenario, spans::add);

        for (String resource : Set.of("a/cpu", "b/cpu", "a -> b", "gateway -> a", "b -> gateway")) {
            double free = 0;
            for (Span span : spans) {
                if (span.resource().equals(resource)) {
                    assertThat(span.beginSeconds()).as(resource).isGreaterThanOrEqualTo(free);
                    free = span.endSeconds();
                }
            }
            assertThat(free).as(resource).isPositive();
        }
    }

    @Test
    void isTheSameForTheSameSeedAndAnotherForAnother() {
        Simulation simulation = line.simulation(3, line.chain("a", "b"), line.rows("a", "b", 4));
        Scenario scenario = Scenario.of(new Arrivals.OpenLoop(2000, 0.2), 7).with(new Jitter(0.3, 0.2));

        SimulationResult first = simulation.run(scenario);
        Scenario other = Scenario.of(new Arrivals.OpenLoop(2000, 0.2), 8).with(new Jitter(0.3, 0.2));

        assertThat(simulation.run(scenario)).isEqualTo(first);
        assertThat(simulation.run(other).latencies()).isNotEqualTo(first.latencies());
    }

    @Test
    void scattersTimesAroundThePredictedOnes() {
        Simulation simulation = instant.simulation(4, instant.single("a", 1));
        Scenario scenario = Scenario.of(new Arrivals.ClosedLoop(50_000, 1), 3).with(new Jitter(0.25, 0));

        Latencies latencies = simulation.run(scenario).latencies();

        // Log-normal: mean 4 s, median 4 s * exp(-sigma^2 / 2), 84.13 % below the median * exp(sigma).
        double median = 4 * Math.exp(-0.25 * 0.25 / 2);
        assertThat(latencies.meanSeconds()).isCloseTo(4, within(0.03));
        assertThat(latencies.percentileSeconds(50)).isCloseTo(median, within(0.03));
        assertThat(latencies.percentileSeconds(84.13)).isCloseTo(median * Math.exp(0.25), within(0.05));
    }

    @Test
    void refusesWhatCannotBeSimulated() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> line.simulation(0, line.chain("a", "b")))
                .withMessageContaining("window (0) must be at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> line.simulation(1, line.chain("a", "c")))
                .withMessageContaining("core group c/cpu of lane 0, shard 1.0 must be one of the topology's");
        Line apart = new Line(SECONDS, Line.nodes(1, 0, "a"), RuntimeCosts.NONE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> apart.simulation("elsewhere", apart.single("a", 1)))
                .withMessageContaining("there is no link a -> elsewhere, over which lane 0 sends from 0.0 to gateway");
        Lane whole = line.chain("a", "b");
        Lane torn = new Lane(1, "m", whole.stages(), whole.edges().subList(0, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> line.simulation(1, torn))
                .withMessageContaining("lane 0 brings nothing to");
        Lane beyond = new Lane(1, "m", whole.stages().subList(0, 1), whole.edges());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> line.simulation(1, beyond))
                .withMessageContaining("must be one of");
    }

    private static SimulationResult run(Simulation simulation, Arrivals arrivals) {
        SimulationResult result = simulation.run(Scenario.of(arrivals, 1));
        assertThat(result.completed()).isEqualTo(arrivals.requests());
        assertThat(result.lost()).isZero();
        return result;
    }

    private static Resource use(SimulationResult result, ResourceKind kind, String name) {
        return result.resources().stream()
                .filter(resource -> resource.kind() == kind && resource.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
