package dev.tandem.core.planner.bottleneck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tandem.core.planner.bottleneck.BottleneckResult.Infeasible;
import dev.tandem.core.planner.bottleneck.BottleneckResult.Solved;
import dev.tandem.core.planner.bottleneck.BottleneckResult.Undecided;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BottleneckSolverTest {

    private static final BottleneckSolver SOLVER = new BottleneckSolver(SolveLimits.DEFAULT);

    @Test
    void findsWhatTryingEverythingFinds() {
        int feasible = 0;
        for (long seed = 0; seed < 600; seed++) {
            BottleneckProblem problem = RandomProblems.of(seed, 8, 6);

            BottleneckResult result = SOLVER.solve(problem);

            double optimum = PlacementBruteForce.seconds(problem);
            if (Double.isInfinite(optimum)) {
                assertThat(result).as("seed %d", seed).isInstanceOf(Infeasible.class);
            } else {
                Solved solved = (Solved) result;
                assertThat(solved.bottleneckSeconds()).as("seed %d", seed).isEqualTo(optimum);
                assertThat(solved.isOptimal()).as("seed %d", seed).isTrue();
                assertThat(problem.problems(solved.placement()))
                        .as("seed %d", seed)
                        .isEmpty();
                assertThat(problem.bottleneckSeconds(solved.placement())).isEqualTo(solved.bottleneckSeconds());
                feasible++;
            }
        }
        assertThat(feasible).isBetween(300, 590);
    }

    @Test
    void keepsTheBoundBelowTheOptimumWhenItMayTryLittle() {
        int gaps = 0;
        for (long seed = 0; seed < 300; seed++) {
            BottleneckProblem problem = RandomProblems.of(seed, 8, 6);

            BottleneckResult result = new BottleneckSolver(new SolveLimits(30, () -> false)).solve(problem);

            double optimum = PlacementBruteForce.seconds(problem);
            if (result instanceof Solved solved) {
                assertThat(solved.lowerBoundSeconds()).as("seed %d", seed).isLessThanOrEqualTo(optimum);
                assertThat(solved.bottleneckSeconds()).as("seed %d", seed).isGreaterThanOrEqualTo(optimum);
                assertThat(problem.problems(solved.placement()))
                        .as("seed %d", seed)
                        .isEmpty();
                gaps += solved.isOptimal() ? 0 : 1;
            } else if (result instanceof Infeasible) {
                assertThat(optimum).as("seed %d", seed).isInfinite();
            }
        }
        assertThat(gaps).isPositive();
    }

    @Test
    void answersTheSameTwice() {
        BottleneckProblem problem =
                new BottleneckProblem(RandomProblems.chain(new Random(1), 30), complete(12, 60, new Random(2)));

        assertThat(SOLVER.solve(problem)).isEqualTo(SOLVER.solve(problem));
    }

    @Test
    void stopsWhenToldTo() {
        BottleneckProblem problem =
                new BottleneckProblem(RandomProblems.chain(new Random(1), 30), complete(12, 60, new Random(2)));

        BottleneckResult result = new BottleneckSolver(new SolveLimits(1_000_000, () -> true)).solve(problem);

        assertThat(result).isInstanceOf(Undecided.class);
    }

    @Test
    void namesTheBlockThatNoNodeHolds() {
        BlockChain chain = chain(10, 50, 10);

        assertThat(SOLVER.solve(new BottleneckProblem(chain, complete(3, 40, new Random(1)))))
                .isEqualTo(new Infeasible("block 'b1' takes 50 bytes, 10 more than the largest node 'n0' holds (40). "
                        + "Maybe add a larger node."));
    }

    @Test
    void saysHowMuchMemoryEachNodeLacks() {
        BlockChain chain = chain(30, 30, 30, 30, 30);

        assertThat(SOLVER.solve(new BottleneckProblem(chain, complete(2, 60, new Random(1)))))
                .isEqualTo(
                        new Infeasible("the chain must be held by at most 2 nodes, and takes at least 3 pieces of up "
                                + "to 60 bytes. Maybe add nodes, or 30 bytes to each."));
    }

    @Test
    void saysThatLinksAreMissing() {
        List<MeshNode> nodes = List.of(new MeshNode("n0", 60), new MeshNode("n1", 60), new MeshNode("n2", 60));
        Mesh parted = new Mesh(nodes, (from, to) -> from + to == 1 ? 5 : 0);

        assertThat(SOLVER.solve(new BottleneckProblem(chain(30, 30, 30, 30, 30), parted)))
                .isEqualTo(new Infeasible("the 3 nodes would hold the chain, but no links lead through enough of them. "
                        + "Maybe add links."));
    }

    @Test
    void needsNoTransferWhereOneNodeHoldsAll() {
        BottleneckProblem problem = new BottleneckProblem(chain(30, 30), complete(3, 60, new Random(1)));

        Solved solved = (Solved) SOLVER.solve(problem);

        assertThat(solved.bottleneckSeconds()).isZero();
        assertThat(solved.placement().pieces()).hasSize(1);
    }

    @Test
    void refusesWhatIsNoChainOrMesh() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BlockChain(List.of(), MemoryRule.ALL_BLOCKS))
                .withMessageContaining("at least one block");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Mesh(List.of(), (from, to) -> 1))
                .withMessageContaining("at least one node");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> complete(2, 10, null))
                .withMessageContaining("bandwidth from 'n0' to 'n1' (NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Block("b", -1, 1))
                .withMessageContaining("memory (-1 bytes)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MeshNode("n", -1))
                .withMessageContaining("capacity of node 'n' (-1 bytes)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SolveLimits(0, () -> false))
                .withMessageContaining("comparisons per decision (0)");
    }

    private static BlockChain chain(long... memoryBytes) {
        List<Block> blocks = IntStream.range(0, memoryBytes.length)
                .mapToObj(index -> new Block("b" + index, memoryBytes[index], 1 + index))
                .toList();
        return new BlockChain(blocks, MemoryRule.ALL_BLOCKS);
    }

    private static Mesh complete(int size, long capacityBytes, @Nullable Random random) {
        List<MeshNode> nodes = IntStream.range(0, size)
                .mapToObj(index -> new MeshNode("n" + index, capacityBytes))
                .toList();
        return new Mesh(nodes, (from, to) -> random == null ? Double.NaN : 1 + random.nextInt(20));
    }
}
