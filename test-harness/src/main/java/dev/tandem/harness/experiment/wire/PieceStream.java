package dev.tandem.harness.experiment.wire;

import dev.tandem.actors.transport.IndexedEdge;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.Edge;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionView;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What both ends know of one measurement: an edge of a plan that has nothing else.
 *
 * @param epoch by which frames of one measurement are told from another's
 * @param pieceBytes size of a piece
 * @param window pieces under way
 */
record PieceStream(long epoch, int pieceBytes, int window) {

    static final String TENSOR = "features";
    static final int LANE = 0;

    PieceStream {
        if (pieceBytes <= 0 || window <= 0) {
            throw new IllegalArgumentException(
                    "pieceBytes (" + pieceBytes + ") and window (" + window + ") must be above 0");
        }
    }

    /** From the first stage to the second. */
    IndexedEdge edge() {
        return new IndexedEdge(0, new Edge(TENSOR, new Endpoint(0, 0), new Endpoint(1, 0), Region.WHOLE, Codec.EXACT));
    }

    /** A buffer for each piece under way, with bytes that depend on the seed alone. */
    List<RegionView> buffers(long seed) {
        Random random = new Random(seed);
        TensorSpec spec = new TensorSpec(TENSOR, ElementType.UINT8, List.of(pieceBytes));
        byte[] bytes = new byte[pieceBytes];
        return Stream.generate(() -> {
                    random.nextBytes(bytes);
                    ByteBuffer buffer =
                            ByteBuffer.allocateDirect(pieceBytes).put(bytes).clear();
                    return RegionView.whole(buffer, spec, Region.WHOLE);
                })
                .limit(window)
                .toList();
    }
}
