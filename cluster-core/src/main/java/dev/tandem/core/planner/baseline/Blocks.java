package dev.tandem.core.planner.baseline;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.SegmentTimes;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.TransposedWindow;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.Cut;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Divisibility;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A model as the blocks that row schemes speak of. The published ones know chains of convolutions, poolings and dense
 * layers; here a block may be anything between two allowed cuts.
 */
final class Blocks {

    /** Layers that are computed together, along rows or not. */
    record Block(Segment segment, boolean isDivisible) {}

    private Blocks() {}

    /** Every convolution by itself to be divided, and what lies between them not. */
    static List<Block> convolutions(ModelGraph graph) {
        List<Block> blocks = new ArrayList<>();
        for (Block atom : atoms(graph)) {
            boolean convolves = graph.layers(atom.segment()).stream().anyMatch(Blocks::isConvolution);
            blocks.add(new Block(atom.segment(), atom.isDivisible() && convolves));
        }
        return merge(blocks, (one, next) -> !one.isDivisible() && !next.isDivisible());
    }

    /** Every layer with a kernel together with the element-wise ones behind it. */
    static List<Block> kernels(ModelGraph graph) {
        return kernels(graph, atoms(graph));
    }

    /** The same of neighbouring atoms. */
    static List<Block> kernels(ModelGraph graph, List<Block> atoms) {
        return merge(
                atoms,
                (one, next) -> one.isDivisible() == next.isDivisible()
                        && (!one.isDivisible() || isElementwise(graph, next.segment())));
    }

    /** As many layers as can be divided together, in each block. */
    static List<Block> longest(ModelGraph graph) {
        return merge(atoms(graph), (one, next) -> one.isDivisible() == next.isDivisible());
    }

    /**
     * Up to so many kernels of more than one row, with all that lies between them, to be divided; poolings and what else
     * cannot be divided not, nor the element-wise layers behind the last kernel.
     */
    static List<Block> fusedConvolutions(ModelGraph graph, int mostKernels) {
        List<Block> marked = new ArrayList<>();
        for (Block kernel : kernels(graph)) {
            boolean pools = graph.layers(kernel.segment()).stream().anyMatch(Blocks::isPooling);
            marked.add(new Block(kernel.segment(), kernel.isDivisible() && !pools));
        }
        List<Block> fused = merge(
                marked,
                (one, next) -> one.isDivisible() == next.isDivisible()
                        && (!one.isDivisible()
                                || wideKernels(graph, one.segment()) + wideKernels(graph, next.segment())
                                        <= mostKernels));
        List<Block> gathered =
                fused.stream().flatMap(block -> gathered(graph, block)).toList();
        return merge(gathered, (one, next) -> !one.isDivisible() && !next.isDivisible());
    }

    /** No more than so many blocks, by joining divisible neighbours of the least time; undivided ones stay as they are. */
    static List<Block> atMost(int most, List<Block> blocks, CostModel cost) {
        List<Block> left = new ArrayList<>(blocks);
        while (left.size() > most) {
            int cheapest = cheapestPair(left, cost);
            if (cheapest < 0) {
                break;
            }
            left.set(cheapest, join(left.get(cheapest), left.remove(cheapest + 1)));
        }
        return List.copyOf(left);
    }

    /** Neighbours of the same part that are all divisible, or all not, as one. */
    static List<Block> joined(List<Block> blocks, IntUnaryOperator part) {
        List<Block> joined = new ArrayList<>();
        for (int index = 0; index < blocks.size(); index++) {
            int last = joined.size() - 1;
            boolean joins = index > 0
                    && part.applyAsInt(index - 1) == part.applyAsInt(index)
                    && joined.get(last).isDivisible() == blocks.get(index).isDivisible();
            if (joins) {
                joined.set(last, join(joined.get(last), blocks.get(index)));
            } else {
                joined.add(blocks.get(index));
            }
        }
        return List.copyOf(joined);
    }

    /** The index of the block that begins at a layer. */
    static int indexAt(List<Block> blocks, int layer) {
        return IntStream.range(0, blocks.size())
                .filter(index -> blocks.get(index).segment().from() == layer)
                .findFirst()
                .orElseThrow();
    }

    private static boolean isElementwise(ModelGraph graph, Segment segment) {
        return graph.layers(segment).stream().allMatch(layer -> layer.along(Axis.ROWS) instanceof Pointwise);
    }

    /** The smallest segments: between neighbouring allowed cuts. */
    static List<Block> atoms(ModelGraph graph) {
        List<Block> atoms = new ArrayList<>();
        int from = 0;
        Stream<Integer> ends = Stream.concat(
                graph.allowedCuts().stream().map(Cut::position),
                Stream.of(graph.layers().size()));
        for (int to : ends.toList()) {
            Segment segment = new Segment(from, to);
            atoms.add(new Block(segment, Divisibility.refusal(graph, segment).isEmpty()));
            from = to;
        }
        return List.copyOf(atoms);
    }

    /** Splits off the element-wise layers at the end of a divided block, so that its rows come together there. */
    private static Stream<Block> gathered(ModelGraph graph, Block block) {
        if (!block.isDivisible()) {
            return Stream.of(block);
        }
        int tail = graph.allowedCuts().stream()
                .map(Cut::position)
                .filter(position -> position > block.segment().from()
                        && position < block.segment().to())
                .filter(position -> isElementwise(
                        graph, new Segment(position, block.segment().to())))
                .findFirst()
                .orElse(block.segment().to());
        return tail == block.segment().to()
                ? Stream.of(block)
                : Stream.of(
                        new Block(new Segment(block.segment().from(), tail), true),
                        new Block(new Segment(tail, block.segment().to()), false));
    }

    private static List<Block> merge(List<Block> blocks, BiPredicate<Block, Block> together) {
        List<Block> merged = new ArrayList<>();
        for (Block block : blocks) {
            int last = merged.size() - 1;
            if (last >= 0 && together.test(merged.get(last), block)) {
                merged.set(last, join(merged.get(last), block));
            } else {
                merged.add(block);
            }
        }
        return List.copyOf(merged);
    }

    private static Block join(Block one, Block next) {
        return new Block(new Segment(one.segment().from(), next.segment().to()), one.isDivisible());
    }

    private static int cheapestPair(List<Block> blocks, CostModel cost) {
        int cheapest = -1;
        double least = Double.POSITIVE_INFINITY;
        SegmentTimes times =
                cost.times(cost.topology().nodes().get(0).coreGroups().get(0));
        for (int index = 0; index + 1 < blocks.size(); index++) {
            Block one = blocks.get(index);
            Block next = blocks.get(index + 1);
            if (one.isDivisible() && next.isDivisible()) {
                double seconds = times.computeSeconds(
                        one.segment().from(), next.segment().to());
                cheapest = seconds < least ? index : cheapest;
                least = Math.min(least, seconds);
            }
        }
        return cheapest;
    }

    private static boolean isConvolution(Layer layer) {
        return layer.weightBytes() > 0
                && (layer.along(Axis.ROWS) instanceof Window || layer.along(Axis.ROWS) instanceof TransposedWindow);
    }

    private static boolean isPooling(Layer layer) {
        return layer.weightBytes() == 0 && layer.along(Axis.ROWS) instanceof Window;
    }

    private static long wideKernels(ModelGraph graph, Segment segment) {
        return graph.layers(segment).stream()
                .filter(layer -> layer.along(Axis.ROWS) instanceof Window window && window.span() > 1)
                .count();
    }
}
