package dev.tandem.core.planner.bottleneck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A chain to be put on a mesh: consecutive pieces on distinct nodes, each within its node's capacity, over links that exist.
 * What counts is the longest transfer between neighbouring pieces; computing takes no time and getting the input to the first
 * piece and the result from the last neither, as in Parthasarathy and Krishnamachari, "Partitioning and Placement of Deep
 * Neural Networks on Distributed Edge Devices to Maximize Inference Throughput", ITNAC 2022, arXiv 2210.12219.
 */
public record BottleneckProblem(BlockChain chain, Mesh mesh) {

    /** Seconds that what crosses a cut takes from one node to another; infinite without a link. */
    public double seconds(int cut, int from, int to) {
        double bytesPerSecond = mesh.bytesPerSecond(from, to);
        return bytesPerSecond == 0 ? Double.POSITIVE_INFINITY : chain.transferBytes(cut) / bytesPerSecond;
    }

    /** The longest transfer of a placement; 0 for one with a single piece. */
    public double bottleneckSeconds(Placement placement) {
        List<Piece> pieces = placement.pieces();
        return IntStream.range(1, pieces.size())
                .mapToDouble(index -> seconds(
                        pieces.get(index).from(),
                        pieces.get(index - 1).node(),
                        pieces.get(index).node()))
                .max()
                .orElse(0);
    }

    /** What is wrong with a placement, in words; empty when it may be run. */
    public List<String> problems(Placement placement) {
        List<String> problems = new ArrayList<>();
        boolean[] used = new boolean[mesh.size()];
        int position = 0;
        for (Piece piece : placement.pieces()) {
            MeshNode node = mesh.nodes().get(piece.node());
            if (piece.from() != position || piece.to() <= piece.from()) {
                problems.add(piece + " must begin at block " + position + " and end after it.");
            }
            if (used[piece.node()]) {
                problems.add("node '" + node.name() + "' has more than one piece.");
            }
            used[piece.node()] = true;
            position = piece.to();
            long memory = chain.memoryBytes(piece.from(), piece.to());
            if (memory > node.capacityBytes()) {
                problems.add(piece + " takes " + memory + " bytes, " + (memory - node.capacityBytes())
                        + " more than node '" + node.name() + "' holds.");
            }
        }
        if (position != chain.size()) {
            problems.add("the pieces end at block " + position + " of " + chain.size() + ".");
        }
        if (problems.isEmpty() && Double.isInfinite(bottleneckSeconds(placement))) {
            problems.add("there is no link between two neighbouring pieces.");
        }
        return problems;
    }

    /** All times that a transfer may take, ascending, each once; the bottleneck of every placement is among them, or 0. */
    double[] transferTimes() {
        double[] sizes = IntStream.range(1, chain.size())
                .mapToDouble(chain::transferBytes)
                .distinct()
                .toArray();
        double[] rates = Arrays.stream(rates()).distinct().toArray();
        return DoubleStream.concat(DoubleStream.of(0), Arrays.stream(sizes).flatMap(size -> Arrays.stream(rates)
                        .map(rate -> size / rate)))
                .sorted()
                .distinct()
                .toArray();
    }

    private double[] rates() {
        return IntStream.range(0, mesh.size())
                .boxed()
                .flatMapToDouble(
                        from -> IntStream.range(0, mesh.size()).mapToDouble(to -> mesh.bytesPerSecond(from, to)))
                .filter(rate -> rate > 0)
                .toArray();
    }
}
