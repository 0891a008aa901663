package dev.tandem.core.planner.baseline.kpath;

import dev.tandem.core.planner.bottleneck.BlockChain;
import dev.tandem.core.planner.bottleneck.BottleneckProblem;
import dev.tandem.core.planner.bottleneck.Placement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Random cuts on random nodes, the baseline of Parthasarathy and Krishnamachari, ITNAC 2022, as in {@code
 * test/random_algorithm.ipynb} of ANRGUSC/SEIFER.
 *
 * <p>Certain, from the code: the chain is first gone through in windows, each as long as fits one node; a cut is drawn evenly
 * within each window but the first, and that many nodes plus one are drawn without repetition. Two neighbouring cuts may be
 * nearly two windows apart, and the blocks after the last window belong to the last piece, so that pieces exceed the capacity
 * and the code does not notice: {@link #cutsAsCoded}.
 *
 * <p>Reconstructed, so that the comparison is with something that could run: {@link #cuts} draws each cut evenly within what
 * fits one node from the cut before it, and draws anew when that makes more pieces than there are nodes.
 */
public final class RandomPlacement {

    private static final int TRIES = 10_000;

    private final BottleneckProblem problem;
    private final long capacityBytes;
    private final RandomGenerator random;

    /** @param capacityBytes most memory of a piece, the same on all nodes */
    public RandomPlacement(BottleneckProblem problem, long capacityBytes, RandomGenerator random) {
        this.problem = problem;
        this.capacityBytes = capacityBytes;
        this.random = random;
    }

    /** Cuts whose pieces fit, or nothing when none of many draws had few enough. */
    public Optional<List<Integer>> cuts() {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            List<Integer> drawn = draw();
            if (drawn.size() < problem.mesh().size()) {
                return Optional.of(drawn);
            }
        }
        return Optional.empty();
    }

    /** Cuts as the code draws them, whose pieces may exceed the capacity. */
    public List<Integer> cutsAsCoded() {
        List<Integer> windows = windows();
        List<Integer> cuts = new ArrayList<>();
        for (int window = 1; window < windows.size(); window++) {
            int point = random.nextInt(windows.get(window - 1) + 1, windows.get(window) + 1);
            // What travels is the output of that block: the piece ends after it. Nothing travels after the last.
            if (point + 1 < problem.chain().size()) {
                cuts.add(point + 1);
            }
        }
        return cuts;
    }

    /** The pieces between the cuts on nodes drawn without repetition; empty when there are too few nodes. */
    public Optional<Placement> place(List<Integer> cuts) {
        int nodes = problem.mesh().size();
        if (cuts.size() + 1 > nodes) {
            return Optional.empty();
        }
        List<Integer> order = new ArrayList<>(IntStream.range(0, nodes).boxed().toList());
        for (int index = nodes - 1; index > 0; index--) {
            Collections.swap(order, index, random.nextInt(index + 1));
        }
        Placement placement = Placements.of(cuts, order, problem.chain().size());
        return Double.isInfinite(problem.bottleneckSeconds(placement)) ? Optional.empty() : Optional.of(placement);
    }

    /** Where the code's windows end; the first is empty, because its slice from 0 to -1 is the whole chain. */
    private List<Integer> windows() {
        BlockChain chain = problem.chain();
        List<Integer> ends = new ArrayList<>();
        if (chain.memoryBytes(0, chain.size()) <= capacityBytes) {
            return ends;
        }
        ends.add(0);
        int position = 1;
        while (position < chain.size()) {
            int end = Math.min(chain.size(), chain.furthest(position, capacityBytes) + 1);
            if (end < chain.size()) {
                ends.add(end);
            }
            position = end + 1;
        }
        return ends;
    }

    private List<Integer> draw() {
        BlockChain chain = problem.chain();
        List<Integer> cuts = new ArrayList<>();
        int position = 0;
        while (chain.furthest(position, capacityBytes) < chain.size()) {
            int furthest = chain.furthest(position, capacityBytes);
            position = random.nextInt(position + 1, furthest + 1);
            cuts.add(position);
        }
        return cuts;
    }
}
