package dev.tandem.core.planner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Edge;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanCheck;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Region;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RowsPlannerTest {

    private static final long PLENTY = 1L << 40;

    private final RowsPlanner planner = new RowsPlanner();

    @Test
    void everyPlanPassesTheCheckAndDividesAsAskedFor() {
        int planned = 0;
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            ModelGraph graph = GraphFixtures.classifier(random, 3 + random.nextInt(8), 32);
            Topology topology = GraphFixtures.randomTopology(random, 4, PLENTY);
            int shards = 2 + random.nextInt(3);

            if (planner.plan(request(graph, topology, shards)) instanceof Planned found) {
                planned++;
                assertThat(PlanCheck.problems(found.plan(), graph, topology))
                        .as("seed %d", seed)
                        .isEmpty();
                assertThat(stages(found.plan()).map(stage -> (int) stage.shards().stream()
                                .map(Shard::place)
                                .distinct()
                                .count()))
                        .as("seed %d", seed)
                        .contains(shards)
                        .containsOnly(1, shards);
            }
        }
        assertThat(planned).isGreaterThan(20);
    }

    @Test
    void dividesInProportionToTheRatesAndLeavesTheHeadUndivided() {
        ModelGraph graph = GraphFixtures.classifier(new Random(4), 6, 64);
        Topology topology = GraphFixtures.topology(
                List.of(GraphFixtures.node("a", PLENTY, 3e9), GraphFixtures.node("b", PLENTY, 1e9)), 1e9, 0);

        List<Stage> stages = stages(planned(request(graph, topology, 2))).toList();

        Stage first = stages.get(0);
        assertThat(first.shards()).hasSize(2);
        String output = graph.outputs(first.segment()).get(0).name();
        int rows = graph.tensor(output).rows();
        assertThat(rows(first.shards().get(0), output)).isEqualTo(rows * 3 / 4);
        assertThat(rows(first.shards().get(1), output)).isEqualTo(rows - rows * 3 / 4);
        assertThat(stages.get(stages.size() - 1).shards())
                .singleElement()
                .satisfies(shard -> assertThat(shard.place().node()).isEqualTo("a"));
    }

    @Test
    void dividesAllThatCanBeDividedEvenWhereItDoesNotPay() {
        ModelGraph graph = GraphFixtures.classifier(new Random(4), 6, 64);
        Topology slow = GraphFixtures.topology(nodes(3), 1e4, 0.5);

        Plan forced = planned(request(graph, slow, 3));
        Plan free = ((Planned) planner.planFreely(request(graph, slow, 3))).plan();

        int dividedLayers = dividedLayers(forced);
        assertThat(dividedLayers).isEqualTo(graph.layers().size() - 2);
        assertThat(dividedLayers(free)).isBetween(1, dividedLayers);
        assertThat(free.predicted().latencySeconds())
                .isLessThanOrEqualTo(forced.predicted().latencySeconds());
    }

    @Test
    void dividesOnBehindWhatReadsAllRows() {
        ModelGraph graph = GraphFixtures.squeezed(new Random(3), 3, 64);
        Topology topology = GraphFixtures.topology(nodes(3), 1e9, 0);

        Plan plan = planned(request(graph, topology, 3));

        assertThat(PlanCheck.problems(plan, graph, topology)).isEmpty();
        assertThat(dividedLayers(plan)).isEqualTo(graph.layers().size());
        Plan single = ((Planned) new SinglePlanner().plan(request(graph, topology, 3))).plan();
        assertThat(plan.predicted().latencySeconds())
                .isLessThan(0.8 * single.predicted().latencySeconds());
        for (int block = 0; block < 3; block++) {
            assertThat(edges(plan, "row_means" + block)).as("to all from all").hasSize(9);
            assertThat(edges(plan, graph.layers().get(5 * block).outputs().get(0)))
                    .as("to its own")
                    .hasSize(3)
                    .allSatisfy(edge -> assertThat(edge.producer().shard())
                            .isEqualTo(edge.consumer().shard()));
        }
    }

    private static List<Edge> edges(Plan plan, String tensor) {
        return plan.lanes().get(0).edges().stream()
                .filter(edge -> edge.tensor().equals(tensor))
                .toList();
    }

    @Test
    void isFasterThanOneNodeWhereLinksAreFast() {
        ModelGraph graph = GraphFixtures.branchy(new Random(6), 20, 64);
        PlanRequest request = request(graph, GraphFixtures.topology(nodes(4), 1e9, 0), 4);
        Plan single = ((Planned) new SinglePlanner().plan(request)).plan();

        assertThat(planned(request).predicted().latencySeconds())
                .isLessThan(single.predicted().latencySeconds() / 2);
    }

    @Test
    void prefersDistinctNodesAndThenTheirFurtherCoreGroups() {
        ModelGraph graph = GraphFixtures.chain(new Random(6), 4, 32);
        Topology topology = GraphFixtures.topology(bigAndLittle(), 1e9, 0);

        assertThat(Draft.places(planned(request(graph, topology, 2)))).isEqualTo("a/big, b/cpu");
        assertThat(Draft.places(planned(request(graph, topology, 3)))).isEqualTo("a/big, a/mid, b/cpu");
    }

    @Test
    void usesNoMoreNodesThanAllowed() {
        ModelGraph graph = GraphFixtures.chain(new Random(6), 4, 32);
        PlanRequest two = request(graph, GraphFixtures.topology(bigAndLittle(), 1e9, 0), 2);

        assertThat(Draft.places(planned(two.with(Scheme.ROWS, 1, 2)))).isEqualTo("a/big, a/mid");
        assertThat(refusal(two.with(Scheme.ROWS, 1, 3)))
                .contains("3 shards need as many core groups, but there are 2 on as many nodes as may be used (1)");
    }

    @Test
    void leavesUndividedLayersBesideTheGatewayWhereAllAreEquallyFast() {
        ModelGraph graph = GraphFixtures.classifier(new Random(4), 6, 64);
        PlanRequest request = request(graph, GraphFixtures.topology(nodes(3), 1e9, 0), 3);
        String last = request.topology().nodes().get(2).id();
        PlanRequest atLast =
                new PlanRequest(graph, request.topology(), request.cost(), Objective.LATENCY, Scheme.ROWS, 3, 3, last);

        List<Stage> stages = stages(planned(atLast)).toList();

        assertThat(stages.get(stages.size() - 1).shards())
                .singleElement()
                .satisfies(shard -> assertThat(shard.place().node()).isEqualTo(last));
    }

    @Test
    void refusesModelsThatCannotBeDivided() {
        ModelGraph classifier = GraphFixtures.classifier(new Random(1), 1, 1);

        assertThat(refusal(request(classifier, GraphFixtures.topology(nodes(2), 1e9, 0), 2)))
                .contains("no stage of model fixture can be divided along rows into 2 shards: ");
    }

    @Test
    void refusesMoreShardsThanCoreGroupsAndFewerThanTwo() {
        ModelGraph graph = GraphFixtures.chain(new Random(1), 4, 32);
        Topology topology = GraphFixtures.topology(nodes(2), 1e9, 0);

        assertThat(refusal(request(graph, topology, 3))).contains("3 shards need as many core groups, but there are 2");
        assertThat(refusal(request(graph, topology, 1))).contains("over 1 shard is no division");
    }

    @Test
    void avoidsNodesWithoutMemoryAndSaysHowMuchIsMissing() {
        ModelGraph graph = GraphFixtures.chain(new Random(1), 4, 32);
        List<Node> two = List.of(GraphFixtures.node("a", PLENTY, 1e9), GraphFixtures.node("b", 1000, 4e9));
        List<Node> three = Stream.concat(two.stream(), Stream.of(GraphFixtures.node("c", PLENTY, 1e9)))
                .toList();

        assertThat(Draft.places(planned(request(graph, GraphFixtures.topology(three, 1e9, 0), 2))))
                .isEqualTo("a/cpu, c/cpu");
        assertThat(refusal(request(graph, GraphFixtures.topology(two, 1e9, 0), 2)))
                .contains("node b has 1000 B of memory", "are missing");
    }

    private static int dividedLayers(Plan plan) {
        return stages(plan)
                .filter(stage -> stage.shards().size() > 1)
                .map(Stage::segment)
                .mapToInt(Segment::size)
                .sum();
    }

    private static int rows(Shard shard, String output) {
        return shard.outputs()
                .getOrDefault(output, Region.WHOLE)
                .range(Axis.ROWS, Integer.MAX_VALUE)
                .length();
    }

    private static Stream<Stage> stages(Plan plan) {
        return plan.lanes().get(0).stages().stream();
    }

    private String refusal(PlanRequest request) {
        return ((Refused) planner.plan(request)).reason();
    }

    private Plan planned(PlanRequest request) {
        return ((Planned) planner.plan(request)).plan();
    }

    private static PlanRequest request(ModelGraph graph, Topology topology, int shards) {
        return new PlanRequest(
                graph,
                topology,
                GraphFixtures.cost(new Random(9), graph, topology),
                Objective.LATENCY,
                Scheme.ROWS,
                topology.nodes().size(),
                shards,
                "gateway");
    }

    private static List<Node> bigAndLittle() {
        return List.of(
                new Node(
                        "a",
                        PLENTY,
                        List.of(GraphFixtures.group("a", "big", 4e9), GraphFixtures.group("a", "mid", 3e9))),
                GraphFixtures.node("b", PLENTY, 1e9));
    }

    private static List<Node> nodes(int size) {
        return IntStream.range(0, size)
                .mapToObj(node -> GraphFixtures.node("node-" + node, PLENTY, GraphFixtures.REFERENCE_RATE))
                .toList();
    }
}
