package dev.tandem.core.planner.baseline.kpath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.planner.baseline.kpath.KPathPlacement.TopClass;
import dev.tandem.core.planner.bottleneck.Block;
import dev.tandem.core.planner.bottleneck.BlockChain;
import dev.tandem.core.planner.bottleneck.BottleneckProblem;
import dev.tandem.core.planner.bottleneck.BottleneckResult.Solved;
import dev.tandem.core.planner.bottleneck.BottleneckSolver;
import dev.tandem.core.planner.bottleneck.MemoryRule;
import dev.tandem.core.planner.bottleneck.Mesh;
import dev.tandem.core.planner.bottleneck.MeshNode;
import dev.tandem.core.planner.bottleneck.Placement;
import dev.tandem.core.planner.bottleneck.SolveLimits;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlacementBaselinesTest {

    private static final long CAPACITY = 60;
    private static final BottleneckSolver SOLVER = new BottleneckSolver(SolveLimits.DEFAULT);

    @Test
    void givesPlacementsThatFitAndAreNoBetterThanTheOptimum() {
        int placed = 0;
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            BottleneckProblem problem = problem(random, 12, 6);
            Optional<List<Integer>> cuts = new MinSumPartition(problem.chain()).cuts(CAPACITY, 6);
            RandomPlacement drawn = new RandomPlacement(problem, CAPACITY, random);
            List<Optional<Placement>> placements = List.of(
                    cuts.flatMap(new GreedyPlacement(problem)::place),
                    cuts.flatMap(new KPathPlacement(problem, 20, TopClass.KEPT, random)::place),
                    drawn.cuts().flatMap(drawn::place));
            for (Optional<Placement> placement : placements) {
                if (placement.isPresent()) {
                    Solved optimum = (Solved) SOLVER.solve(problem);
                    assertThat(problem.problems(placement.get()))
                            .as("seed %d", seed)
                            .isEmpty();
                    assertThat(problem.bottleneckSeconds(placement.get()))
                            .as("seed %d", seed)
                            .isGreaterThanOrEqualTo(optimum.bottleneckSeconds());
                    placed++;
                }
            }
        }
        assertThat(placed).isGreaterThan(450);
    }

    @Test
    void cutsWhereTheSumOfTransfersIsLeast() {
        BlockChain chain = chain(List.of(30, 30, 30, 30, 30), List.of(5, 9, 1, 2, 7));

        assertThat(new MinSumPartition(chain).cuts(CAPACITY, 5)).contains(List.of(1, 3));
        assertThat(new MinSumPartition(chain).cuts(CAPACITY, 2)).isEmpty();
    }

    @Test
    void findsNoCutsWhereABlockFitsNowhere() {
        BlockChain chain = chain(List.of(30, 90, 30), List.of(5, 9, 7));

        assertThat(new MinSumPartition(chain).cuts(CAPACITY, 3)).isEmpty();
    }

    @Test
    void keepsTheCutsOfTheFirstCapacityAsTheCodeDoes() {
        BlockChain chain = chain(List.of(30, 30, 30, 30, 30), List.of(5, 9, 1, 2, 7));
        MinSumPartition kept = new MinSumPartition(chain);
        kept.cuts(40, 5);

        assertThat(kept.cuts(90, 5)).contains(List.of(3, 4));
        assertThat(new MinSumPartition(chain).cuts(90, 5)).contains(List.of(3));
    }

    @Test
    void losesTheLargestTransferOnlyWhereAsked() {
        BottleneckProblem problem =
                new BottleneckProblem(chain(List.of(60, 60), List.of(5, 1)), mesh(new Random(3), 4));

        assertThat(new KPathPlacement(problem, 20, TopClass.LOST, new Random(1)).place(List.of(1)))
                .isEmpty();
        Placement placement = new KPathPlacement(problem, 20, TopClass.KEPT, new Random(1))
                .place(List.of(1))
                .orElseThrow();
        assertThat(problem.bottleneckSeconds(placement))
                .isEqualTo(((Solved) SOLVER.solve(problem)).bottleneckSeconds());
    }

    @Test
    void drawsCutsAsCodedThatMayExceedTheCapacity() {
        BlockChain chain = chain(
                IntStream.range(0, 20).mapToObj(index -> 20).toList(),
                IntStream.range(0, 20).mapToObj(index -> 1 + index).toList());
        BottleneckProblem problem = new BottleneckProblem(chain, mesh(new Random(1), 8));
        RandomPlacement drawn = new RandomPlacement(problem, CAPACITY, new Random(1));

        // Three blocks fit; the code's windows end at 0, 5, 10 and 15.
        List<Integer> cuts = drawn.cutsAsCoded();

        assertThat(cuts).hasSize(3);
        assertThat(cuts.get(0)).isBetween(2, 6);
        assertThat(cuts.get(2)).isBetween(12, 16);
        assertThat(drawn.place(cuts)).isPresent();
        assertThat(new RandomPlacement(problem, 10_000, new Random(1)).cutsAsCoded())
                .isEmpty();
    }

    @Test
    void placesNothingOnTooFewNodes() {
        BottleneckProblem problem =
                new BottleneckProblem(chain(List.of(60, 60, 60), List.of(3, 2, 1)), mesh(new Random(1), 2));
        RandomPlacement drawn = new RandomPlacement(problem, CAPACITY, new Random(1));

        assertThat(drawn.cuts()).isEmpty();
        assertThat(drawn.place(List.of(1, 2))).isEmpty();
        assertThat(new GreedyPlacement(problem).place(List.of(1, 2))).isEmpty();
        assertThat(new KPathPlacement(problem, 20, TopClass.KEPT, new Random(1)).place(List.of(1, 2)))
                .isEmpty();
    }

    private static BottleneckProblem problem(Random random, int blocks, int nodes) {
        List<Integer> memory =
                IntStream.range(0, blocks).mapToObj(index -> random.nextInt(40)).toList();
        List<Integer> transfers = IntStream.range(0, blocks)
                .mapToObj(index -> 1 + random.nextInt(9))
                .toList();
        return new BottleneckProblem(chain(memory, transfers), mesh(random, nodes));
    }

    private static BlockChain chain(List<Integer> memory, List<Integer> transfers) {
        return new BlockChain(
                IntStream.range(0, memory.size())
                        .mapToObj(index -> new Block("block " + index, memory.get(index), transfers.get(index)))
                        .toList(),
                MemoryRule.ALL_BLOCKS);
    }

    /** Alike in both directions. */
    private static Mesh mesh(Random random, int size) {
        double[][] rates = new double[size][size];
        for (int from = 0; from < size; from++) {
            for (int to = 0; to < from; to++) {
                rates[from][to] = 1 + random.nextInt(20);
                rates[to][from] = rates[from][to];
            }
        }
        List<MeshNode> nodes = IntStream.range(0, size)
                .mapToObj(index -> new MeshNode("node " + index, CAPACITY))
                .toList();
        return new Mesh(nodes, (from, to) -> rates[from][to]);
    }
}
