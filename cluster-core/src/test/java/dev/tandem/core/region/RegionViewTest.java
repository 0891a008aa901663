package dev.tandem.core.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegionViewTest {

    private static final TensorSpec MAP = new TensorSpec("map", ElementType.FLOAT, List.of(1, 3, 8, 4));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void copiesTheSameBytesAsAnElementLoop(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            RegionView view = view(random, tensor(random, 6, 6));

            assertThat(bytes(view)).as("%s held %s", view, view.held()).isEqualTo(elementLoop(view));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void copiesPartsThatStartAndEndAnywhere(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            RegionView from = view(random, tensor(random, 4, 9));
            RegionView to = placeFor(from, from.held());
            ByteBuffer part = ByteBuffer.allocateDirect((int) from.bytes());
            for (long offset = 0; offset < from.bytes(); ) {
                int length = (int) Math.min(from.bytes() - offset, 1 + random.nextInt(37));
                from.copyTo(offset, part.clear(), length);
                to.copyFrom(offset, part.flip());
                offset += length;
            }

            assertThat(bytes(to)).as("%s", from).isEqualTo(bytes(from));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void copiesBetweenBuffersThatHoldDifferentParts(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            RegionView from = view(random, tensor(random, 4, 9));
            RegionView to = placeFor(from, Region.WHOLE);

            RegionView.copy(from, to);

            assertThat(bytes(to)).as("%s", from).isEqualTo(bytes(from));
            assertThat(bytesUntouched(to)).isTrue();
        }
    }

    @Test
    void copiesScalar() {
        TensorSpec scalar = new TensorSpec("scalar", ElementType.INT64, List.of());
        ByteBuffer buffer = ByteBuffer.allocate(8).putLong(0, 42);

        RegionView view = RegionView.whole(buffer, scalar, Region.WHOLE);

        assertThat(ByteBuffer.wrap(bytes(view)).getLong()).isEqualTo(42);
    }

    @Test
    void hasNoBytesWhenTheTensorHasNone() {
        TensorSpec nothing = new TensorSpec("nothing", ElementType.FLOAT, List.of(3, 0, 2));

        RegionView view = RegionView.whole(ByteBuffer.allocate(0), nothing, Region.WHOLE);

        assertThat(bytes(view)).isEmpty();
    }

    @Test
    void isContiguousWhenTheRowsOfOneChannelAreViewed() {
        RegionView view = RegionView.whole(ByteBuffer.allocate((int) MAP.bytes()), MAP, Region.WHOLE);

        assertThat(view.isContiguous()).isTrue();
        assertThat(view.view(Region.rows(2, 4)).isContiguous()).isFalse();
        assertThat(view.view(new Region(Map.of(Axis.CHANNELS, new Interval(1, 3))))
                        .isContiguous())
                .isTrue();
    }

    @Test
    void leavesPositionsOfTheBufferAlone() {
        ByteBuffer buffer = ByteBuffer.allocate((int) MAP.bytes() + 5).position(5);
        RegionView view = RegionView.whole(buffer, MAP, Region.WHOLE);

        bytes(view);

        assertThat(buffer.position()).isEqualTo(5);
    }

    @Test
    void rejectsViewOutsideOfWhatIsHeld() {
        ByteBuffer buffer = ByteBuffer.allocate(1024);

        assertThatThrownBy(() -> new RegionView(buffer, MAP, Region.rows(0, 4), Region.rows(3, 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rows[3,5)")
                .hasMessageContaining("rows[0,4)");
    }

    @Test
    void rejectsBufferThatIsTooSmall() {
        ByteBuffer buffer = ByteBuffer.allocate((int) MAP.bytes() - 1);

        assertThatThrownBy(() -> RegionView.whole(buffer, MAP, Region.WHOLE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("383")
                .hasMessageContaining("384");
    }

    @Test
    void rejectsCopyBetweenDifferentExtents() {
        RegionView whole = RegionView.whole(ByteBuffer.allocate((int) MAP.bytes()), MAP, Region.WHOLE);

        assertThatThrownBy(() -> RegionView.copy(whole, whole.view(Region.rows(0, 4))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rows[0,4)");
    }

    @Test
    void rejectsBytesBeyondTheRegion() {
        RegionView view = RegionView.whole(ByteBuffer.allocate((int) MAP.bytes()), MAP, Region.WHOLE);

        assertThatThrownBy(() -> view.copyTo(380, ByteBuffer.allocate(16), 8))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.copyFrom(-1, ByteBuffer.allocate(1)))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.copyTo(0, ByteBuffer.allocate(7), 8)).isInstanceOf(BufferOverflowException.class);
    }

    private static byte[] elementLoop(RegionView view) {
        List<Interval> held = view.held().ranges(view.tensor());
        List<Interval> viewed = view.viewed().ranges(view.tensor());
        int width = view.tensor().type().bytes();
        byte[] out = new byte[(int) view.bytes()];
        for (int element = 0; element < out.length / width; element++) {
            int rest = element;
            int index = 0;
            int stride = 1;
            for (int dimension = held.size() - 1; dimension >= 0; dimension--) {
                int at = rest % viewed.get(dimension).length()
                        + viewed.get(dimension).from();
                rest /= viewed.get(dimension).length();
                index += (at - held.get(dimension).from()) * stride;
                stride *= held.get(dimension).length();
            }
            for (int part = 0; part < width; part++) {
                out[element * width + part] = view.buffer().get(index * width + part);
            }
        }
        return out;
    }

    /** Whether the buffer is still zero outside of the viewed region, told by clearing the region. */
    private static boolean bytesUntouched(RegionView view) {
        view.copyFrom(0, ByteBuffer.allocate((int) view.bytes()));
        ByteBuffer buffer = view.buffer();
        return buffer.mismatch(ByteBuffer.allocate(buffer.capacity())) == -1;
    }

    private static TensorSpec tensor(Random random, int maxRank, int maxExtent) {
        ElementType[] types = ElementType.values();
        List<Integer> shape = new ArrayList<>();
        int rank = random.nextInt(maxRank + 1);
        for (int dimension = 0; dimension < rank; dimension++) {
            shape.add(1 + random.nextInt(maxExtent));
        }
        return new TensorSpec("t", types[random.nextInt(types.length)], shape);
    }

    /** A region of the region; an axis is sometimes left whole. */
    private static Region within(Random random, TensorSpec tensor, Region outer) {
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

    private static ByteBuffer filled(Random random, long bytes) {
        byte[] data = new byte[(int) bytes];
        random.nextBytes(data);
        ByteBuffer buffer =
                random.nextBoolean() ? ByteBuffer.allocateDirect(data.length) : ByteBuffer.allocate(data.length);
        return buffer.put(data).clear();
    }

    private static RegionView view(Random random, TensorSpec tensor) {
        Region held = within(random, tensor, Region.WHOLE);
        return new RegionView(filled(random, held.bytes(tensor)), tensor, held, within(random, tensor, held));
    }

    /** An empty place for the same region, in a buffer that holds another part of the tensor. */
    private static RegionView placeFor(RegionView piece, Region held) {
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) held.bytes(piece.tensor()));
        return new RegionView(buffer, piece.tensor(), held, piece.viewed());
    }

    private static byte[] bytes(RegionView view) {
        ByteBuffer target = ByteBuffer.allocate((int) view.bytes());
        view.copyTo(0, target, (int) view.bytes());
        return target.array();
    }
}
