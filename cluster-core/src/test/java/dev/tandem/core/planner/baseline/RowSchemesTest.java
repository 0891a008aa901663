package dev.tandem.core.planner.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.GraphFixtures;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.baseline.Blocks.Block;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowSchemesTest {

    /** As in a classifier: convolutions with activations, a pooling, a head. */
    private static final Instances VGG_LIKE = Instances.input(8)
            .convolution(4)
            .relu(0)
            .convolution(4)
            .relu(0)
            .pooling(0)
            .convolution(4)
            .relu(0)
            .dense(2, 1);

    @Test
    void modnnGathersOnTheLeaderBehindEveryConvolution() {
        Plan plan = Instances.plan(new Modnn(), request(VGG_LIKE, Instances.PLENTY, 1e9, 3e9));

        assertThat(Instances.words(plan))
                .containsExactly(
                        "0-0 a/cpu[0,2) b/cpu[2,8)",
                        "1-1 b/cpu",
                        "2-2 a/cpu[0,2) b/cpu[2,8)",
                        "3-4 b/cpu",
                        "5-5 a/cpu[0,1) b/cpu[1,4)",
                        "6-7 b/cpu");
        // Each convolution takes a quarter of its time, without halo as it is alone; the head is on b.
        assertThat(plan.predicted().latencySeconds()).isCloseTo(3 + 1.0 / 3, within(1e-6));
    }

    @Test
    void edgeDiFusesTwoConvolutionsAndPoolsOnTheLeader() {
        assertThat(Blocks.fusedConvolutions(VGG_LIKE.graph(), 2))
                .containsExactly(
                        new Block(new Segment(0, 3), true),
                        new Block(new Segment(3, 5), false),
                        new Block(new Segment(5, 6), true),
                        new Block(new Segment(6, 8), false));
        assertThat(Instances.words(Instances.plan(EdgeDi.bodp(), request(VGG_LIKE, Instances.PLENTY, 1e9, 3e9))))
                .containsExactly("0-2 a/cpu[0,2) b/cpu[2,8)", "3-4 b/cpu", "5-5 a/cpu[0,1) b/cpu[1,4)", "6-7 b/cpu");
    }

    @Test
    void ocbpMovesRowsUntilTheGapNoLongerShrinks() {
        Instances one = Instances.input(8).convolution(8);
        Topology topology = GraphFixtures.topology(
                SimpleSplitsTest.cluster(Instances.PLENTY, 1e9, 1e9).nodes(), 8, 0);
        PlanRequest request = one.request(topology, Objective.LATENCY, "b");

        // A row takes a second, and half a second each way to node a. Parts of 4 rows: 2.5 + 4 + 2 against 4 seconds;
        // of 3 and 5: 2 + 3 + 1.5 against 5; of 2 and 6: 1.5 + 2 + 1 against 6, as far apart as before.
        assertThat(Instances.words(Instances.plan(EdgeDi.ocbp(), request)))
                .containsExactly("0-0 a/cpu[0,3) b/cpu[3,8)");
        assertThat(Instances.words(Instances.plan(EdgeDi.bodp(), request)))
                .containsExactly("0-0 a/cpu[0,4) b/cpu[4,8)");
    }

    @Test
    void balancedRowsAreNeverFurtherApartThanProportionalOnes() {
        for (int seed = 0; seed < 40; seed++) {
            PlanRequest request = BaselinesTest.random(seed);
            Fleet fleet = Fleet.of(request, Set.of()).orElseThrow();
            List<Share> byRate = Share.byRate(fleet.processors());
            RowBalance balance = new RowBalance(request, fleet.leader());
            for (Block block : Blocks.fusedConvolutions(request.graph(), 2)) {
                if (block.isDivisible()
                        && balance.seconds(block.segment(), byRate).isPresent()) {
                    assertThat(gap(balance.seconds(block.segment(), balance.balanced(block.segment(), byRate))
                                    .orElseThrow()))
                            .as("seed %d, %s", seed, block)
                            .isLessThanOrEqualTo(
                                    gap(balance.seconds(block.segment(), byRate).orElseThrow()));
                }
            }
        }
    }

    @Test
    void coEdgeKeepsTheSharesOfEveryLayer() {
        assertThat(Instances.words(Instances.plan(new CoEdge(), request(VGG_LIKE, Instances.PLENTY, 1e9, 2e9))))
                .containsExactly(
                        "0-1 a/cpu[0,3) b/cpu[3,8)",
                        "2-3 a/cpu[0,3) b/cpu[3,8)",
                        "4-4 a/cpu[0,1) b/cpu[1,4)",
                        "5-6 a/cpu[0,1) b/cpu[1,4)",
                        "7-7 b/cpu");
    }

    @Test
    void coEdgeDropsNodesWithLessThanTheHalo() {
        // One row of halo is an eighth of the input; of rates 1 and 31 the first has less.
        Instances one = Instances.input(8).convolution(8);

        assertThat(Instances.words(Instances.plan(new CoEdge(), request(one, Instances.PLENTY, 1e9, 31e9))))
                .containsExactly("0-0 b/cpu");
    }

    @Test
    void aoflFusesMoreLayersTheSlowerTheLinks() {
        Instances deep = Instances.input(64)
                .convolution(1)
                .convolution(1)
                .convolution(1)
                .convolution(1)
                .convolution(1);
        List<Integer> stages = new ArrayList<>();
        List<Double> latencies = new ArrayList<>();
        for (double bandwidth : new double[] {1e9, 2e3, 1}) {
            Topology topology = GraphFixtures.topology(
                    SimpleSplitsTest.cluster(Instances.PLENTY, 1e9, 1e9).nodes(), bandwidth, 0);
            Plan plan = Instances.plan(new Aofl(), deep.request(topology, Objective.LATENCY, "a"));
            stages.add(plan.lanes().get(0).stages().size());
            latencies.add(plan.predicted().latencySeconds());
        }

        assertThat(stages).containsExactly(5, 1, 1);
        // Without a network to speak of half the time; with one that is too slow, all on the leader.
        assertThat(latencies.get(0)).isCloseTo(2.5, within(1e-3));
        assertThat(latencies.get(1)).isBetween(2.5, 3.0);
        assertThat(latencies.get(2)).isCloseTo(5, within(1e-6));
    }

    @Test
    void rowSchemesLeaveOutNodesWithoutMemory() {
        Topology topology = GraphFixtures.topology(
                List.of(
                        GraphFixtures.node("a", Instances.PLENTY, 1e9),
                        GraphFixtures.node("b", 10, 9e9),
                        GraphFixtures.node("c", Instances.PLENTY, 1e9)),
                1e12,
                0);
        PlanRequest request = VGG_LIKE.request(topology, Objective.LATENCY, "gateway");

        for (Planner planner : List.of(ShareRows.even(), new Modnn(), EdgeDi.ocbp(), new CoEdge(), new Aofl())) {
            assertThat(String.join(" ", Instances.words(Instances.plan(planner, request))))
                    .contains("a/cpu[", "c/cpu[")
                    .doesNotContain("b/cpu");
        }
    }

    @Test
    void blocksCoverTheModel() {
        for (int seed = 0; seed < 30; seed++) {
            PlanRequest request = BaselinesTest.random(seed);
            List<Block> kernels = Blocks.kernels(request.graph());
            for (List<Block> blocks : List.of(
                    kernels,
                    Blocks.convolutions(request.graph()),
                    Blocks.longest(request.graph()),
                    Blocks.fusedConvolutions(request.graph(), 2),
                    Blocks.atMost(3, kernels, request.cost()))) {
                int next = 0;
                for (Block block : blocks) {
                    assertThat(block.segment().from()).as("seed %d", seed).isEqualTo(next);
                    next = block.segment().to();
                }
                assertThat(next)
                        .as("seed %d", seed)
                        .isEqualTo(request.graph().layers().size());
            }
        }
    }

    private static double gap(double[] seconds) {
        return Arrays.stream(seconds).max().orElseThrow()
                - Arrays.stream(seconds).min().orElseThrow();
    }

    private static PlanRequest request(Instances model, long memoryBytes, double... rates) {
        return model.request(SimpleSplitsTest.cluster(memoryBytes, rates), Objective.LATENCY, "gateway");
    }
}
