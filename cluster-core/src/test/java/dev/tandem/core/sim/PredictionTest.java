package dev.tandem.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.ResourceKind;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.Energy;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is simulated against what is predicted, on random models and machines. */
class PredictionTest {

    private static final List<Codec> CODECS = List.of(Codec.values());
    private static final long PLENTY = 1L << 40;
    private static final int INSTANCES = 40;
    private static final int WINDOW = 16;
    private static final int REQUESTS = 3000;

    /** A plan with what is predicted of it and can be simulated. */
    private record Instance(Plan plan, CostModel cost) {

        PlanScore predicted() {
            return plan.predicted();
        }

        Energy energy() {
            return plan.predicted().energy().orElseThrow();
        }

        /** What is predicted of a stream, with the idle power over the time that its beginning and end really took. */
        double requestJoules(SimulationResult result) {
            double seconds = result.durationSeconds() / result.completed()
                    - 1 / predicted().throughputPerSecond();
            return energy().streamJoules() + cost.energy().orElseThrow().idleWatts() * seconds;
        }

        SimulationResult run(Arrivals arrivals) {
            return simulation().run(Scenario.of(arrivals, 1));
        }

        SimulationResult runAlone(List<Span> spans) {
            return simulation().run(Scenario.of(new Arrivals.ClosedLoop(1, 1), 1), spans::add);
        }

        private Simulation simulation() {
            return new Simulation(cost, "gateway", plan.lanes(), WINDOW);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SINGLE", "PIPELINE", "ROWS"})
    void oneRequestTakesAsLongAsPredictedWhereNoTransferWaits(Scheme scheme) {
        int alike = 0;
        for (int seed = 0; seed < INSTANCES; seed++) {
            Optional<Instance> instance = instance(scheme, seed, true);
            if (instance.isPresent()) {
                double predicted = instance.get().predicted().latencySeconds();
                List<Span> spans = new ArrayList<>();
                SimulationResult alone = instance.get().runAlone(spans);
                double simulated = alone.latencies().maxSeconds();
                if (isWithoutWaiting(spans)) {
                    alike++;
                    assertThat(simulated).as("seed %d", seed).isCloseTo(predicted, within(1e-9));
                    assertThat(alone.energy().orElseThrow().joules())
                            .as("seed %d", seed)
                            .isCloseTo(instance.get().energy().requestJoules(), within(1e-9));
                } else {
                    // The prediction lets a piece overtake one of an earlier stage on the same link.
                    assertThat(simulated).as("seed %d", seed).isGreaterThan(predicted - 1e-9);
                }
            }
        }
        assertThat(alike).isGreaterThan(10);
    }

    /** A slow lane is filled up with more than its share of these requests, which the energy sees. */
    @ParameterizedTest
    @EnumSource(
            names = {"AUTO", "GRID", "CHANNELS", "BATCH"},
            mode = EnumSource.Mode.EXCLUDE)
    void manyRequestsGoAsFastAsPredicted(Scheme scheme) {
        int simulated = 0;
        for (int seed = 0; seed < INSTANCES; seed++) {
            Optional<Instance> instance = instance(scheme, seed, false);
            if (instance.isPresent()) {
                simulated++;
                SimulationResult result = instance.get().run(new Arrivals.ClosedLoop(REQUESTS, 1000));
                double predicted = instance.get().predicted().throughputPerSecond();
                assertThat(result.completed()).as("seed %d", seed).isEqualTo(REQUESTS);
                assertThat(result.throughputPerSecond() / predicted)
                        .as("seed %d, %s", seed, instance.get().predicted().bottleneck())
                        .isCloseTo(1, within(0.01));
                if (scheme != Scheme.LANES) {
                    assertThat(result.energy().orElseThrow().requestJoules())
                            .as("seed %d", seed)
                            .isCloseTo(instance.get().requestJoules(result), withinPercentage(1e-7));
                }
            }
        }
        assertThat(simulated).isGreaterThan(INSTANCES / 3);
    }

    /** A transfer that has waited begins just when the one before it on the link ends. */
    private static boolean isWithoutWaiting(List<Span> spans) {
        Map<String, Double> free = new HashMap<>();
        boolean waited = false;
        for (Span span : spans) {
            if (span.kind() == ResourceKind.LINK) {
                waited |= span.beginSeconds() == free.getOrDefault(span.resource(), -1.0);
                free.put(span.resource(), span.endSeconds());
            }
        }
        return !waited;
    }

    private static Optional<Instance> instance(Scheme scheme, int seed, boolean fastCards) {
        Random random = new Random(seed);
        ModelGraph graph =
                switch (scheme) {
                    case ROWS -> GraphFixtures.classifier(random, 3 + random.nextInt(6), 32);
                    case BRANCHES -> GraphFixtures.branchy(random, 8 + random.nextInt(8), 16);
                    default -> GraphFixtures.chain(random, 6 + random.nextInt(8), 16);
                };
        Topology machines = topology(random, 2 + random.nextInt(3), fastCards);
        Topology topology = GraphFixtures.powered(machines, new Random(seed));
        CostModel cost = GraphFixtures.cost(random, graph, topology).coded(CODECS.get(seed % CODECS.size()));
        int parts = topology.nodes().size();
        PlanRequest request =
                new PlanRequest(graph, topology, cost, Objective.THROUGHPUT, scheme, parts, parts, "gateway");
        return new DefaultPlanner().plan(request) instanceof Planned planned
                ? Optional.of(new Instance(planned.plan(), cost))
                : Optional.empty();
    }

    private static Topology topology(Random random, int size, boolean fastCards) {
        List<Node> nodes = IntStream.range(0, size)
                .mapToObj(node -> GraphFixtures.node(
                        "node-" + node, PLENTY, GraphFixtures.REFERENCE_RATE * (0.25 + random.nextDouble() * 2)))
                .toList();
        double scale = Math.pow(10, 4.5 + 2 * random.nextDouble());
        List<Link> links = GraphFixtures.topology(nodes, 1, 0).links().stream()
                .map(link -> new Link(
                        link.from(), link.to(), scale * (0.2 + random.nextDouble()), random.nextDouble() * 0.002))
                .toList();
        Topology topology = new Topology(nodes, links);
        return fastCards ? Line.withFastCards(topology) : topology;
    }
}
