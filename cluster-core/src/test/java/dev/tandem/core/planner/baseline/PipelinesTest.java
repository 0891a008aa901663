package dev.tandem.core.planner.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PipelinePlanner;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PipelinesTest {

    /** 400 bytes go in; 200 and 100 cross behind the poolings. */
    private static final Instances SHRINKING =
            Instances.input(100).convolution(1).pooling(0).pooling(0).convolution(10);

    @Test
    void neurosurgeonCutsWhereItPays() {
        PlanRequest request = SHRINKING.request(twoNodes(100, 1e9, 10e9), Objective.LATENCY, "a");

        Plan plan = Instances.plan(new Neurosurgeon(), request);

        // On the device 11 s; on the server 4 + 1.1 + 1; cut behind the second pooling 1 + 1 + 1 + 1.
        assertThat(Instances.words(plan)).containsExactly("0-2 a/cpu", "3-3 b/cpu");
        assertThat(plan.predicted().latencySeconds()).isCloseTo(4, within(1e-9));
    }

    @Test
    void neurosurgeonStaysOrLeavesWhereThatIsBetter() {
        PlanRequest slow = SHRINKING.request(twoNodes(1, 1e9, 10e9), Objective.LATENCY, "a");
        PlanRequest fast = SHRINKING.request(twoNodes(1e6, 1e9, 10e9), Objective.LATENCY, "a");

        assertThat(Instances.words(Instances.plan(new Neurosurgeon(), slow))).containsExactly("0-3 a/cpu");
        assertThat(Instances.words(Instances.plan(new Neurosurgeon(), fast))).containsExactly("0-3 b/cpu");
    }

    @Test
    void neurosurgeonRefusesWithoutMemoryForTwoParts() {
        Topology small = SimpleSplitsTest.cluster(100, 1e9, 1e9);

        assertThat(((Refused) new Neurosurgeon().plan(SHRINKING.request(small, Objective.LATENCY, "a"))).reason())
                .startsWith("neurosurgeon: no cut leaves the device and another node");
    }

    @Test
    void pipeEdgeBalancesUnlikeMachines() {
        Instances even = Instances.input(10)
                .convolution(1)
                .convolution(1)
                .convolution(1)
                .convolution(1)
                .convolution(1)
                .convolution(1);
        PlanRequest request =
                even.request(SimpleSplitsTest.cluster(Instances.PLENTY, 1e9, 1e9, 4e9), Objective.LATENCY, "gateway");

        Plan plan = Instances.plan(new PipeEdge(), request);

        // Rates 1, 1 and 4 for six layers of a second: a bottleneck of one second, and no other division has it.
        assertThat(plan.predicted().throughputPerSecond()).isCloseTo(1, within(1e-6));
        assertThat(plan.lanes().get(0).stages()).hasSize(3);
    }

    @Test
    void pipeEdgeFindsTheExactBottleneckOfChains() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            ModelGraph graph = GraphFixtures.chain(random, 2 + random.nextInt(6), 16);
            Topology topology =
                    GraphFixtures.randomTopology(random, 1 + random.nextInt(4), seed % 2 == 0 ? 1 << 30 : 300_000);
            assertExact(new PlanRequest(
                    graph,
                    topology,
                    GraphFixtures.cost(random, graph, topology),
                    Objective.THROUGHPUT,
                    Scheme.AUTO,
                    topology.nodes().size(),
                    1,
                    "gateway"));
        }
    }

    @Test
    void pipeEdgeIsExactOverMachinesOfFewKinds() {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            ModelGraph graph = GraphFixtures.chain(random, 6, 16);
            List<Node> nodes = IntStream.range(0, 6)
                    .mapToObj(node -> GraphFixtures.node("n" + node, 200_000, node % 2 == 0 ? 1e9 : 0.5e9))
                    .toList();
            Topology topology = GraphFixtures.topology(nodes, 1e5 + random.nextDouble() * 5e6, 0);
            PlanRequest request = new PlanRequest(
                    graph,
                    topology,
                    GraphFixtures.cost(random, graph, topology),
                    Objective.THROUGHPUT,
                    Scheme.AUTO,
                    6,
                    1,
                    "gateway");

            assertThat(kinds(request)).extracting(kind -> kind.members().size()).containsExactly(3, 3);
            assertExact(request);
        }
    }

    @Test
    void pipeEdgeLeavesOutTheSlowestOfTooManyKinds() {
        double[] rates = IntStream.range(0, 12).mapToDouble(node -> 1e9 + node).toArray();
        PlanRequest request =
                SHRINKING.request(SimpleSplitsTest.cluster(Instances.PLENTY, rates), Objective.THROUGHPUT, "gateway");

        assertThat(kinds(request)).hasSize(8);
    }

    private static List<MachineKind> kinds(PlanRequest request) {
        return MachineKind.of(request, request.topology().coreGroups(), PipeEdgeSearch.MOST_STATES);
    }

    private static void assertExact(PlanRequest request) {
        double exact = IntStream.rangeClosed(1, request.maxNodes())
                .mapToObj(stages -> new PipelinePlanner().plan(request.with(Scheme.PIPELINE, stages, 1)))
                .filter(Planned.class::isInstance)
                .mapToDouble(planned -> ((Planned) planned).plan().predicted().throughputPerSecond())
                .max()
                .orElse(0);
        double found = new PipeEdge().plan(request) instanceof Planned planned
                ? planned.plan().predicted().throughputPerSecond()
                : 0;

        assertThat(found).isCloseTo(exact, within(1e-9 * exact));
    }

    private static Topology twoNodes(double bandwidthBytesPerSecond, double... rates) {
        return GraphFixtures.topology(
                SimpleSplitsTest.cluster(Instances.PLENTY, rates).nodes(), bandwidthBytesPerSecond, 0);
    }
}
