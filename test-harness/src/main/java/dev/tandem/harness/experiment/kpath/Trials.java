package dev.tandem.harness.experiment.kpath;

import dev.tandem.core.planner.baseline.kpath.GreedyPlacement;
import dev.tandem.core.planner.baseline.kpath.KPathPlacement;
import dev.tandem.core.planner.baseline.kpath.KPathPlacement.TopClass;
import dev.tandem.core.planner.baseline.kpath.MinSumPartition;
import dev.tandem.core.planner.baseline.kpath.RandomPlacement;
import dev.tandem.core.planner.bottleneck.BlockChain;
import dev.tandem.core.planner.bottleneck.BottleneckProblem;
import dev.tandem.core.planner.bottleneck.BottleneckResult;
import dev.tandem.core.planner.bottleneck.BottleneckResult.Infeasible;
import dev.tandem.core.planner.bottleneck.BottleneckResult.Solved;
import dev.tandem.core.planner.bottleneck.BottleneckResult.Undecided;
import dev.tandem.core.planner.bottleneck.BottleneckSolver;
import dev.tandem.core.planner.bottleneck.Placement;
import dev.tandem.core.planner.bottleneck.SolveLimits;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** The trials of one model: all techniques on the same clusters. Used by one thread. */
public final class Trials {

    /** MB of 2^20 bytes that every node holds, in the order of the code. */
    public static final List<Integer> MEGABYTES = List.of(64, 128, 256, 512);

    /** Nodes of the paper's clusters. */
    public static final List<Integer> NODES = List.of(5, 10, 15, 20, 50);

    private static final int CLASSES = 20;
    private static final BottleneckSolver SOLVER = new BottleneckSolver(SolveLimits.DEFAULT);

    private final String model;
    private final long seed;
    private final BlockChain chain;
    /** The table that the code never clears; the least capacity must be asked for first. */
    private final MinSumPartition kept;

    public Trials(String model, long seed) {
        this.model = model;
        this.seed = seed;
        chain = KerasModel.named(model).chain();
        kept = new MinSumPartition(chain);
        kept.cuts(capacityBytes(MEGABYTES.get(0)), chain.size());
    }

    /** So many trials of one cell of the paper's tables, each with a cluster of its own. */
    public List<Trial> run(int megabytes, int nodes, int trials) {
        List<Trial> all = new ArrayList<>();
        for (int number = 1; number <= trials; number++) {
            RandomGenerator random =
                    new SplittableRandom(seed * 1_000_003 + Objects.hash(model, megabytes, nodes, number));
            BottleneckProblem problem =
                    new BottleneckProblem(chain, RandomCluster.mesh(nodes, capacityBytes(megabytes), random));
            all.add(trial(problem, megabytes, number, random));
        }
        return all;
    }

    /** A piece must stay below the capacity. */
    private static long capacityBytes(int megabytes) {
        return ((long) megabytes << 20) - 1;
    }

    private Trial trial(BottleneckProblem problem, int megabytes, int number, RandomGenerator random) {
        Map<Technique, Placement> placements = placements(problem, capacityBytes(megabytes), random);
        Map<Technique, Double> seconds = new EnumMap<>(Technique.class);
        placements.forEach((technique, placement) -> seconds.put(technique, problem.bottleneckSeconds(placement)));
        Set<Technique> overfull = placements.entrySet().stream()
                .filter(entry -> !problem.problems(entry.getValue()).isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        BottleneckResult result = SOLVER.solve(problem);
        int nodes = problem.mesh().size();
        if (result instanceof Solved solved) {
            return new Trial(
                    model,
                    megabytes,
                    nodes,
                    number,
                    solved.placement().pieces().size(),
                    solved.bottleneckSeconds(),
                    solved.lowerBoundSeconds(),
                    seconds,
                    overfull,
                    "");
        }
        String reason = result instanceof Infeasible infeasible ? infeasible.reason() : ((Undecided) result).reason();
        return new Trial(model, megabytes, nodes, number, 0, 0, 0, seconds, overfull, reason);
    }

    private Map<Technique, Placement> placements(BottleneckProblem problem, long capacity, RandomGenerator random) {
        int nodes = problem.mesh().size();
        Optional<List<Integer>> cuts = new MinSumPartition(chain).cuts(capacity, nodes);
        Optional<List<Integer>> keptCuts = kept.cuts(capacity, nodes);
        GreedyPlacement greedy = new GreedyPlacement(problem);
        RandomPlacement drawn = new RandomPlacement(problem, capacity, random);
        KPathPlacement kPath = new KPathPlacement(problem, CLASSES, TopClass.KEPT, random);
        KPathPlacement kPathAsCoded = new KPathPlacement(problem, CLASSES, TopClass.LOST, random);
        Map<Technique, Placement> found = new EnumMap<>(Technique.class);
        cuts.flatMap(kPath::place).ifPresent(placement -> found.put(Technique.K_PATH, placement));
        cuts.flatMap(greedy::place).ifPresent(placement -> found.put(Technique.GREEDY, placement));
        drawn.cuts().flatMap(drawn::place).ifPresent(placement -> found.put(Technique.RANDOM, placement));
        keptCuts.flatMap(kPathAsCoded::place).ifPresent(placement -> found.put(Technique.K_PATH_AS_CODED, placement));
        keptCuts.flatMap(greedy::place).ifPresent(placement -> found.put(Technique.GREEDY_AS_CODED, placement));
        drawn.place(drawn.cutsAsCoded()).ifPresent(placement -> found.put(Technique.RANDOM_AS_CODED, placement));
        return found;
    }
}
