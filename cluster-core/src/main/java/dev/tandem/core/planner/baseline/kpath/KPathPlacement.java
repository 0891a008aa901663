package dev.tandem.core.planner.baseline.kpath;

import dev.tandem.core.planner.bottleneck.Block;
import dev.tandem.core.planner.bottleneck.BottleneckProblem;
import dev.tandem.core.planner.bottleneck.Mesh;
import dev.tandem.core.planner.bottleneck.Placement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Puts given pieces on nodes by k-path matching: the algorithm of Parthasarathy and Krishnamachari, ITNAC 2022 (arXiv
 * 2210.12219), as {@code k_path_matching} in {@code test/algorithms.ipynb} of ANRGUSC/SEIFER.
 *
 * <p>Certain, from the code: transfers are sorted into classes of equal width between the least and the largest of the whole
 * chain; from the highest class to the lowest, each run of neighbouring transfers of a class, longest first, gets a path of
 * unused nodes between the ends that are already placed, over the quickest links for which a binary search finds one ({@link
 * ColourCoding}). When one is not found, there is no placement. The largest transfer of the chain is in a class above the
 * highest and never gets a path ({@link TopClass#LOST}).
 *
 * <p>Reconstructed: which of several paths is taken, and the random numbers, which the code does not seed. Links are taken to
 * be alike in both directions, and all nodes to have the capacity that the partition was made for.
 */
public final class KPathPlacement {

    /** What becomes of the largest transfer of the chain. */
    public enum TopClass {
        /** It is in a class of its own, which is left out, as in the code. */
        LOST,
        /** It is in the highest class, as the paper's text has it. */
        KEPT
    }

    private static final int UNPLACED = -1;

    private final BottleneckProblem problem;
    private final int classes;
    private final TopClass topClass;
    private final RandomGenerator random;

    /** One run of transfers {@code [from, to)} of a class; its nodes are {@code [from, to]}. */
    private record Run(int from, int to) {
        int length() {
            return to - from;
        }
    }

    /** @param classes how many classes of transfer sizes */
    public KPathPlacement(BottleneckProblem problem, int classes, TopClass topClass, RandomGenerator random) {
        this.problem = problem;
        this.classes = classes;
        this.topClass = topClass;
        this.random = random;
    }

    /** Where the pieces between the cuts go; empty when the matching fails. */
    public Optional<Placement> place(List<Integer> cuts) {
        int[] nodes = new int[cuts.size() + 1];
        Arrays.fill(nodes, UNPLACED);
        BitSet free = new BitSet();
        free.set(0, problem.mesh().size());
        if (cuts.isEmpty()) {
            nodes[0] = 0;
        }
        int[] classOf = cuts.stream().mapToInt(this::classOf).toArray();
        for (int sizeClass = classes; sizeClass > 0; sizeClass--) {
            for (Run run : runs(classOf, sizeClass)) {
                place(run, nodes, free);
            }
        }
        return Arrays.stream(nodes).anyMatch(node -> node == UNPLACED)
                ? Optional.empty()
                : Optional.of(Placements.of(
                        cuts,
                        Arrays.stream(nodes).boxed().toList(),
                        problem.chain().size()));
    }

    /** From 1, and one above the highest for the largest transfer where that is lost. */
    private int classOf(int cut) {
        double[] sizes = problem.chain().blocks().stream()
                .mapToDouble(Block::transferBytes)
                .sorted()
                .toArray();
        double least = sizes[0];
        double most = sizes[sizes.length - 1];
        double width = (most - least) / classes;
        double size = problem.chain().transferBytes(cut);
        int above = (int) IntStream.rangeClosed(0, classes)
                .filter(edge -> (edge == classes ? most : least + edge * width) <= size)
                .count();
        return topClass == TopClass.KEPT ? Math.min(above, classes) : above;
    }

    private static List<Run> runs(int[] classOf, int sizeClass) {
        List<Run> runs = new ArrayList<>();
        for (int from = 0; from < classOf.length; from++) {
            if (classOf[from] == sizeClass && (from == 0 || classOf[from - 1] != sizeClass)) {
                int to = from;
                while (to < classOf.length && classOf[to] == sizeClass) {
                    to++;
                }
                runs.add(new Run(from, to));
            }
        }
        runs.sort(Comparator.comparingInt(Run::length).reversed());
        return runs;
    }

    private void place(Run run, int[] nodes, BitSet free) {
        OptionalInt start = fixed(nodes[run.from()]);
        OptionalInt end = fixed(nodes[run.to()]);
        start.ifPresent(free::set);
        end.ifPresent(free::set);
        quickest(run.length() + 1, start, end, free).ifPresent(path -> {
            for (int index = 0; index < path.size(); index++) {
                nodes[run.from() + index] = path.get(index);
                free.clear(path.get(index));
            }
        });
    }

    private static OptionalInt fixed(int node) {
        return node == UNPLACED ? OptionalInt.empty() : OptionalInt.of(node);
    }

    /** A path over the quickest links for which the binary search of the code finds one. */
    private Optional<List<Integer>> quickest(int length, OptionalInt start, OptionalInt end, BitSet free) {
        double[] rates = rates(free);
        Optional<List<Integer>> best = Optional.empty();
        int low = 0;
        int high = rates.length;
        while (low < high) {
            int middle = (low + high) / 2;
            Optional<List<Integer>> path =
                    new ColourCoding(neighbours(free, rates[middle]), length, start, end, random).path();
            if (path.isEmpty()) {
                low = middle + 1;
            } else {
                high = middle;
                best = path;
            }
        }
        return best;
    }

    /** Bandwidths between free nodes, falling. */
    private double[] rates(BitSet free) {
        Mesh mesh = problem.mesh();
        double[] rising = free.stream()
                .boxed()
                .flatMapToDouble(
                        from -> free.stream().filter(to -> to > from).mapToDouble(to -> mesh.bytesPerSecond(from, to)))
                .filter(rate -> rate > 0)
                .sorted()
                .toArray();
        return IntStream.range(0, rising.length)
                .mapToDouble(index -> rising[rising.length - 1 - index])
                .toArray();
    }

    private BitSet[] neighbours(BitSet free, double leastRate) {
        Mesh mesh = problem.mesh();
        BitSet[] neighbours = new BitSet[mesh.size()];
        Arrays.setAll(neighbours, node -> new BitSet());
        free.stream().forEach(from -> free.stream()
                .filter(to -> from != to && mesh.bytesPerSecond(from, to) >= leastRate)
                .forEach(neighbours[from]::set));
        return neighbours;
    }
}
