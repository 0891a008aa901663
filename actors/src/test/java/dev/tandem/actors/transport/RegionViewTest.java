package dev.tandem.actors.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.Region;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.List;
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
            RegionView view = TestPieces.view(random, TestPieces.tensor(random, 6, 6));

            assertThat(TestPieces.bytes(view))
                    .as("%s held %s", view, view.held())
                    .isEqualTo(elementLoop(view));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void copiesPartsThatStartAndEndAnywhere(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            RegionView from = TestPieces.view(random, TestPieces.tensor(random, 4, 9));
            RegionView to = TestPieces.placeFor(from, from.held());
            ByteBuffer part = ByteBuffer.allocateDirect((int) from.bytes());
            for (long offset = 0; offset < from.bytes(); ) {
                int length = (int) Math.min(from.bytes() - offset, 1 + random.nextInt(37));
                from.copyTo(offset, part.clear(), length);
                to.copyFrom(offset, part.flip());
                offset += length;
            }

            assertThat(TestPieces.bytes(to)).as("%s", from).isEqualTo(TestPieces.bytes(from));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void copiesBetweenBuffersThatHoldDifferentParts(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            RegionView from = TestPieces.view(random, TestPieces.tensor(random, 4, 9));
            RegionView to = TestPieces.placeFor(from, Region.WHOLE);

            RegionView.copy(from, to);

            assertThat(TestPieces.bytes(to)).as("%s", from).isEqualTo(TestPieces.bytes(from));
            assertThat(bytesUntouched(to)).isTrue();
        }
    }

    @Test
    void copiesScalar() {
        TensorSpec scalar = new TensorSpec("scalar", ElementType.INT64, List.of());
        ByteBuffer buffer = ByteBuffer.allocate(8).putLong(0, 42);

        RegionView view = RegionView.whole(buffer, scalar, Region.WHOLE);

        assertThat(ByteBuffer.wrap(TestPieces.bytes(view)).getLong()).isEqualTo(42);
    }

    @Test
    void hasNoBytesWhenTheTensorHasNone() {
        TensorSpec nothing = new TensorSpec("nothing", ElementType.FLOAT, List.of(3, 0, 2));

        RegionView view = RegionView.whole(ByteBuffer.allocate(0), nothing, Region.WHOLE);

        assertThat(TestPieces.bytes(view)).isEmpty();
    }

    @Test
    void isContiguousWhenTheRowsOfOneChannelAreViewed() {
        RegionView view = RegionView.whole(ByteBuffer.allocate((int) MAP.bytes()), MAP, Region.WHOLE);

        assertThat(view.isContiguous()).isTrue();
        assertThat(view.view(Region.rows(2, 4)).isContiguous()).isFalse();
        assertThat(view.view(new Region(java.util.Map.of(dev.tandem.core.region.Axis.CHANNELS, new Interval(1, 3))))
                        .isContiguous())
                .isTrue();
    }

    @Test
    void leavesPositionsOfTheBufferAlone() {
        ByteBuffer buffer = ByteBuffer.allocate((int) MAP.bytes() + 5).position(5);
        RegionView view = RegionView.whole(buffer, MAP, Region.WHOLE);

        TestPieces.bytes(view);

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
}
