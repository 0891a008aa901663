package dev.tandem.actors.transport;

import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random tensors, regions of them, and buffers with known bytes. */
final class TestPieces {

    private TestPieces() {}

    static TensorSpec tensor(Random random, int maxRank, int maxExtent) {
        ElementType[] types = ElementType.values();
        List<Integer> shape = new ArrayList<>();
        int rank = random.nextInt(maxRank + 1);
        for (int dimension = 0; dimension < rank; dimension++) {
            shape.add(1 + random.nextInt(maxExtent));
        }
        return new TensorSpec("t", types[random.nextInt(types.length)], shape);
    }

    /** A region of the region; an axis is sometimes left whole. */
    static Region within(Random random, TensorSpec tensor, Region outer) {
        Map<Axis, Interval> ranges = new EnumMap<>(Axis.class);
        ranges.putAll(outer.ranges());
        for (Axis axis : Axis.values()) {
            if (axis.dimension() < tensor.rank() && random.nextBoolean()) {
                Interval range = outer.range(axis, tensor.shape().get(axis.dimension()));
                int from = range.from() + random.nextInt(range.length());
                ranges.put(axis, new Interval(from, from + 1 + random.nextInt(range.to() - from)));
            }
        }
        return new Region(ranges);
    }

    static ByteBuffer filled(Random random, long bytes) {
        byte[] data = new byte[(int) bytes];
        random.nextBytes(data);
        ByteBuffer buffer =
                random.nextBoolean() ? ByteBuffer.allocateDirect(data.length) : ByteBuffer.allocate(data.length);
        return buffer.put(data).clear();
    }

    static RegionView view(Random random, TensorSpec tensor) {
        Region held = within(random, tensor, Region.WHOLE);
        return new RegionView(filled(random, held.bytes(tensor)), tensor, held, within(random, tensor, held));
    }

    /** An empty place for the same region, in a buffer that holds another part of the tensor. */
    static RegionView placeFor(RegionView piece, Region held) {
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) held.bytes(piece.tensor()));
        return new RegionView(buffer, piece.tensor(), held, piece.viewed());
    }

    static byte[] bytes(RegionView view) {
        ByteBuffer target = ByteBuffer.allocate((int) view.bytes());
        view.copyTo(0, target, (int) view.bytes());
        return target.array();
    }
}
