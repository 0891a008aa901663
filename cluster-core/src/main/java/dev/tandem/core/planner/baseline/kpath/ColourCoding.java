package dev.tandem.core.planner.baseline.kpath;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Looks for a simple path of so many nodes by colouring the nodes at random and searching for a path of distinct colours (Alon,
 * Yuster and Zwick, "Color-coding", JACM 42(4), 1995), as {@code modified_k_path_color_coding} does in {@code
 * test/algorithms.ipynb} of ANRGUSC/SEIFER: {@code 10 e^k} colourings with {@code 1.3 k} colours, of which the path may have
 * the first {@code k} only. It may miss paths that exist.
 *
 * <p>Changed, without effect on what is found but for the random numbers: where an exhaustive search shows that there is no
 * such path, no colours are tried.
 */
final class ColourCoding {

    private static final double COLOURS_PER_NODE = 1.3;

    private final BitSet[] neighbours;
    private final int length;
    private final OptionalInt start;
    private final OptionalInt end;
    private final RandomGenerator random;

    /**
     * @param neighbours of each node; empty for one that may not be used
     * @param length nodes of the path, at least 2
     * @param start the first node, if it is given
     * @param end the last node, if it is given
     */
    ColourCoding(BitSet[] neighbours, int length, OptionalInt start, OptionalInt end, RandomGenerator random) {
        this.neighbours = neighbours;
        this.length = length;
        this.start = start;
        this.end = end;
        this.random = random;
    }

    Optional<List<Integer>> path() {
        if (!isThereAny()) {
            return Optional.empty();
        }
        int colourings = (int) (10 * Math.exp(length));
        int[] colours = new int[neighbours.length];
        for (int colouring = 0; colouring < colourings; colouring++) {
            Arrays.setAll(colours, node -> random.nextInt((int) (COLOURS_PER_NODE * length)));
            Optional<List<Integer>> path = colourful(colours);
            if (path.isPresent()) {
                return path;
            }
        }
        return Optional.empty();
    }

    /** The path whose colours are all the first ones, found by growing sets of colours. */
    private Optional<List<Integer>> colourful(int[] colours) {
        int full = (1 << length) - 1;
        int[][] before = new int[neighbours.length][full + 1];
        for (int[] row : before) {
            Arrays.fill(row, -1);
        }
        for (int node = 0; node < colours.length; node++) {
            if (colours[node] < length && (start.isEmpty() || start.getAsInt() == node)) {
                before[node][1 << colours[node]] = node;
            }
        }
        for (int set = 1; set < full; set++) {
            for (int node = 0; node < colours.length; node++) {
                if (before[node][set] >= 0) {
                    grow(before, colours, node, set);
                }
            }
        }
        for (int last = 0; last < colours.length; last++) {
            if (before[last][full] >= 0 && (end.isEmpty() || end.getAsInt() == last)) {
                return Optional.of(traced(before, colours, last));
            }
        }
        return Optional.empty();
    }

    private void grow(int[][] before, int[] colours, int node, int set) {
        boolean isLast = Integer.bitCount(set) == length - 1;
        for (int next = neighbours[node].nextSetBit(0); next >= 0; next = neighbours[node].nextSetBit(next + 1)) {
            boolean isEarlyEnd = end.isPresent() && end.getAsInt() == next && !isLast;
            if (!isEarlyEnd && colours[next] < length && (set & 1 << colours[next]) == 0) {
                before[next][set | 1 << colours[next]] = node;
            }
        }
    }

    private List<Integer> traced(int[][] before, int[] colours, int last) {
        ArrayDeque<Integer> path = new ArrayDeque<>();
        int set = (1 << length) - 1;
        int node = last;
        while (set != 0) {
            path.addFirst(node);
            int previous = before[node][set];
            set &= ~(1 << colours[node]);
            node = previous;
        }
        return List.copyOf(path);
    }

    private boolean isThereAny() {
        int[] steps = stepsToEnd();
        BitSet used = new BitSet();
        for (int node = 0; node < neighbours.length; node++) {
            if (start.isEmpty() || start.getAsInt() == node) {
                used.set(node);
                if (!neighbours[node].isEmpty() && leads(node, length - 1, used, steps)) {
                    return true;
                }
                used.clear(node);
            }
        }
        return false;
    }

    private boolean leads(int node, int left, BitSet used, int[] steps) {
        if (left == 0) {
            return end.isEmpty() || end.getAsInt() == node;
        }
        for (int next = neighbours[node].nextSetBit(0); next >= 0; next = neighbours[node].nextSetBit(next + 1)) {
            boolean isEarlyEnd = end.isPresent() && end.getAsInt() == next && left > 1;
            if (!isEarlyEnd && !used.get(next) && steps[next] <= left - 1) {
                used.set(next);
                boolean isFound = leads(next, left - 1, used, steps);
                used.clear(next);
                if (isFound) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Fewest links from each node to the given end; 0 everywhere when none is given. */
    private int[] stepsToEnd() {
        int[] steps = new int[neighbours.length];
        if (end.isEmpty()) {
            return steps;
        }
        Arrays.fill(steps, Integer.MAX_VALUE);
        ArrayDeque<Integer> queue = new ArrayDeque<>(List.of(end.getAsInt()));
        steps[end.getAsInt()] = 0;
        while (!queue.isEmpty()) {
            int node = queue.removeFirst();
            neighbours[node].stream()
                    .filter(next -> steps[next] == Integer.MAX_VALUE)
                    .forEach(next -> {
                        steps[next] = steps[node] + 1;
                        queue.add(next);
                    });
        }
        return steps;
    }
}
