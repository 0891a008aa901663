package dev.tandem.inference.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionView;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCodecTest {

    private static final List<Codec> CODECS = List.of(Codec.values());
    private static final double FLOAT16_ERROR = Math.scalb(1.0, -11);
    private static final double FLOAT16_LEAST_ERROR = Math.scalb(1.0, -25);

    private final FrameEncoder encoder = new FrameEncoder();
    private final FrameDecoder decoder = new FrameDecoder();

    /** What became of a piece. */
    private record Travelled(RegionView piece, List<Codec> codecs, long bytes) {

        float[] values() {
            return FrameCodecTest.values(piece);
        }
    }

    private static TensorSpec floats(Integer... shape) {
        return new TensorSpec("map", ElementType.FLOAT, List.of(shape));
    }

    private static RegionView piece(TensorSpec tensor, Region held, Region viewed, DoubleSupplier value) {
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) held.bytes(tensor)).order(ByteOrder.nativeOrder());
        while (buffer.hasRemaining()) {
            buffer.putFloat((float) value.getAsDouble());
        }
        return new RegionView(buffer.clear(), tensor, held, viewed);
    }

    private static RegionView whole(TensorSpec tensor, DoubleSupplier value) {
        return piece(tensor, Region.WHOLE, Region.WHOLE, value);
    }

    private static float[] values(RegionView piece) {
        ByteBuffer target = ByteBuffer.allocate((int) piece.bytes()).order(ByteOrder.nativeOrder());
        piece.copyTo(0, target, (int) piece.bytes());
        float[] values = new float[target.position() / Float.BYTES];
        target.flip().asFloatBuffer().get(values);
        return values;
    }

    private Travelled travel(RegionView piece, Codec codec, int frameBytes) {
        RegionView target = whole(piece.viewed().of(piece.tensor()), () -> -1);
        List<Codec> codecs = new ArrayList<>();
        long bytes = 0;
        for (long offset = 0; offset < piece.bytes(); offset += frameBytes) {
            int length = (int) Math.min(frameBytes, piece.bytes() - offset);
            ByteBuffer wire = ByteBuffer.allocateDirect(FrameEncoder.mostBytes(length, codec));
            codecs.add(encoder.encode(piece, offset, length, codec, wire));
            bytes += wire.flip().remaining();
            decoder.decode(wire, codecs.get(codecs.size() - 1), target, offset, length);
        }
        return new Travelled(target, codecs, bytes);
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void bringsRandomPiecesWithinItsError(Codec codec) {
        Random random = new Random(7);
        for (int round = 0; round < 60; round++) {
            TensorSpec tensor = floats(
                    1 + random.nextInt(2), 1 + random.nextInt(9), 4 + random.nextInt(20), 1 + random.nextInt(30));
            int rows = tensor.shape().get(2);
            Region held = Region.rows(0, 1 + rows / 2 + random.nextInt(rows - rows / 2));
            int from = random.nextInt(rows / 2);
            Region viewed = Region.rows(from, from + 1 + random.nextInt(rows / 2 - from));
            double scale = Math.pow(10, random.nextInt(7) - 3);
            double middle = random.nextGaussian() * scale;
            RegionView piece = piece(tensor, held, viewed, () -> middle + scale * random.nextGaussian());
            int frameBytes = Float.BYTES * (1 + random.nextInt((int) piece.bytes() / Float.BYTES));

            Travelled travelled = travel(piece, codec, frameBytes);

            assertWithinError(codec, piece, travelled.values(), "round " + round + " " + piece);
        }
    }

    private static void assertWithinError(Codec codec, RegionView piece, float[] actual, String round) {
        float[] expected = values(piece);
        if (codec.form() == Codec.Form.EXACT) {
            assertThat(actual).as(round).isEqualTo(expected);
            return;
        }
        ChannelGroups channels = ChannelGroups.of(piece, 0, (int) piece.bytes());
        for (int start = 0; start < expected.length; start = channels.end(start)) {
            float[] group = Arrays.copyOfRange(expected, start, channels.end(start));
            double halfStep = (max(group) - min(group)) / 510;
            for (int index = start; index < channels.end(start); index++) {
                double error = codec.form() == Codec.Form.INT8
                        ? halfStep * 1.001 + 2 * Math.ulp((float) Math.max(max(group), -min(group)))
                        : Math.max(FLOAT16_LEAST_ERROR, FLOAT16_ERROR * Math.abs(expected[index]));
                assertThat((double) actual[index])
                        .as("%s index %d", round, index)
                        .isCloseTo(expected[index], within(error));
            }
        }
    }

    private static double max(float[] values) {
        double max = values[0];
        for (float value : values) {
            max = Math.max(max, value);
        }
        return max;
    }

    private static double min(float[] values) {
        double min = values[0];
        for (float value : values) {
            min = Math.min(min, value);
        }
        return min;
    }

    @Test
    void takesHalfAndAQuarterOfTheBytes() {
        Random random = new Random(1);
        RegionView piece = whole(floats(1, 8, 56, 56), random::nextGaussian);

        assertThat(travel(piece, Codec.FLOAT16, 1 << 20).bytes()).isEqualTo(piece.bytes() / 2);
        assertThat(travel(piece, Codec.INT8, 1 << 20).bytes()).isEqualTo(piece.bytes() / 4 + 8 * 8);
    }

    @Test
    void packsWhatRepeatsAndLeavesWhatDoesNot() {
        Random random = new Random(2);
        Travelled zeros = travel(whole(floats(1, 8, 56, 56), () -> 0), Codec.LZ4, 1 << 20);
        Travelled noise = travel(whole(floats(1, 8, 56, 56), random::nextGaussian), Codec.LZ4, 1 << 20);

        assertThat(zeros.codecs()).containsOnly(Codec.LZ4);
        assertThat(zeros.bytes()).isLessThan(1000);
        assertThat(noise.codecs()).containsOnly(Codec.EXACT);
        assertThat(noise.bytes()).isEqualTo(8 * 56 * 56 * 4);
    }

    @Test
    void keepsZerosAfterAReluExactly() {
        Random random = new Random(3);
        RegionView piece = whole(floats(1, 4, 16, 16), () -> Math.max(0, random.nextGaussian()));

        float[] before = values(piece);
        float[] after = travel(piece, Codec.INT8_LZ4, 1 << 20).values();

        for (int index = 0; index < before.length; index++) {
            assertThat(before[index] == 0 ? after[index] : 0).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {0, 1, -7.25f, 1e-40f, Float.MIN_VALUE, 1e38f, -Float.MAX_VALUE})
    void bringsChannelsOfOneValueExactly(float value) {
        Travelled travelled = travel(whole(floats(1, 4, 16, 16), () -> value), Codec.INT8, 1 << 20);

        assertThat(travelled.codecs()).containsOnly(Codec.INT8);
        assertThat(travelled.values()).containsOnly(value);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void sendsFramesWithValuesThatAreNotFiniteAsTheyAre(float odd) {
        int[] count = {0};
        RegionView piece = whole(floats(1, 4, 16, 16), () -> ++count[0] == 700 ? odd : count[0]);

        Travelled int8 = travel(piece, Codec.INT8, 1024);
        Travelled packed = travel(piece, Codec.INT8_LZ4, 1024);
        Travelled float16 = travel(piece, Codec.FLOAT16, 1024);

        assertThat(int8.codecs()).containsExactly(Codec.INT8, Codec.INT8, Codec.EXACT, Codec.INT8);
        assertThat(Arrays.copyOfRange(int8.values(), 512, 768)).isEqualTo(Arrays.copyOfRange(values(piece), 512, 768));
        assertThat(packed.codecs().get(2).isLossy()).isFalse();
        assertThat(float16.codecs()).containsOnly(Codec.FLOAT16);
        assertThat(Float.valueOf(float16.values()[699])).isEqualTo(Float.valueOf(odd));
    }

    @ParameterizedTest
    @ValueSource(doubles = {65_520, -70_000, 1e30, Float.MAX_VALUE})
    void sendsFramesWithValuesBeyondFloat16AsTheyAre(double large) {
        int[] count = {0};
        RegionView piece = whole(floats(1, 1, 16, 16), () -> ++count[0] == 100 ? large : 1.0 / count[0]);

        Travelled travelled = travel(piece, Codec.FLOAT16, 1 << 20);

        assertThat(travelled.codecs()).containsExactly(Codec.EXACT);
        assertThat(travelled.values()).isEqualTo(values(piece));
    }

    @Test
    void sendsRangesThatFloatsCannotHoldAsTheyAre() {
        int[] count = {0};
        RegionView wide = whole(floats(1, 1, 16, 16), () -> ++count[0] % 2 == 0 ? 3e38 : -3e38);
        RegionView narrow = whole(floats(1, 1, 16, 16), () -> ++count[0] % 2 == 0 ? 1e-44 : 3e-44);

        assertThat(travel(wide, Codec.INT8, 1 << 20).codecs()).containsExactly(Codec.EXACT);
        assertThat(travel(narrow, Codec.INT8, 1 << 20).codecs()).containsExactly(Codec.EXACT);
        assertThat(travel(narrow, Codec.INT8, 1 << 20).values()).isEqualTo(values(narrow));
    }

    @Test
    void hasOneRangeForSeveralChannelsOfFewElements() {
        Random random = new Random(4);
        RegionView scores = whole(floats(1, 1000), random::nextGaussian);
        RegionView pooled = whole(floats(1, 512, 1, 1), random::nextGaussian);
        RegionView vector = whole(floats(77), random::nextGaussian);

        assertThat(travel(scores, Codec.INT8, 1 << 20).bytes()).isEqualTo(1000 + 63 * 8);
        assertThat(travel(pooled, Codec.INT8, 1 << 20).bytes()).isEqualTo(512 + 32 * 8);
        assertThat(travel(vector, Codec.INT8, 1 << 20).bytes()).isEqualTo(77 + 8);
    }

    @Test
    void sendsNoMoreThanTheProducerWroteWhereAFrameIsTiny() {
        Random random = new Random(5);
        RegionView piece = whole(floats(1, 3), random::nextGaussian);

        assertThat(travel(piece, Codec.INT8, 4).bytes()).isEqualTo(12);
        assertThat(travel(whole(floats(), () -> 2), Codec.INT8_LZ4, 4).values()).containsExactly(2);
    }

    @ParameterizedTest
    @EnumSource(value = ElementType.class, mode = EnumSource.Mode.EXCLUDE, names = "FLOAT")
    void carriesOtherTypesExactlyAndRefusesToLoseAnything(ElementType type) {
        TensorSpec tensor = new TensorSpec("t", type, List.of(1, 4, 9, 9));
        ByteBuffer content = ByteBuffer.allocate((int) tensor.bytes());
        new Random(6).nextBytes(content.array());
        RegionView piece = RegionView.whole(content, tensor, Region.WHOLE);
        ByteBuffer wire = ByteBuffer.allocate(1 << 16);

        Codec codec = encoder.encode(piece, 0, (int) piece.bytes(), Codec.INT8_LZ4.on(type), wire);
        RegionView target = RegionView.whole(ByteBuffer.allocate((int) tensor.bytes()), tensor, Region.WHOLE);
        decoder.decode(wire.flip(), codec, target, 0, (int) piece.bytes());

        assertThat(target.buffer().array()).isEqualTo(content.array());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> encoder.encode(piece, 0, (int) piece.bytes(), Codec.INT8, wire.clear()))
                .withMessageContaining("codec int8 is not for");
    }

    @ParameterizedTest
    @EnumSource(value = Codec.class, mode = EnumSource.Mode.EXCLUDE, names = "EXACT")
    void refusesPayloadsThatAreNotOfThePart(Codec codec) {
        Random random = new Random(8);
        RegionView piece = whole(floats(1, 4, 16, 16), () -> random.nextInt(3));
        int bytes = (int) piece.bytes();
        ByteBuffer wire = ByteBuffer.allocate(1 << 16);
        Codec written = encoder.encode(piece, 0, bytes, codec, wire);
        ByteBuffer cut = wire.duplicate().flip();
        cut.limit(cut.limit() - 1);

        assertThat(written).isEqualTo(codec);
        assertThatThrownBy(() -> decoder.decode(cut, codec, piece, 0, bytes))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("must");
        assertThatThrownBy(() -> decoder.decode(wire.duplicate().flip(), codec, piece, 0, bytes / 2))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("must");
    }

    @Test
    void refusesRangesThatAreNone() {
        RegionView piece = whole(floats(1, 1, 16, 16), () -> 1);
        ByteBuffer wire = ByteBuffer.allocate(8 + 256).order(ByteOrder.LITTLE_ENDIAN);

        for (float step : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
            wire.putFloat(0, 3).putFloat(4, step);
            assertThatThrownBy(() -> decoder.decode(wire, Codec.INT8, piece, 0, 1024))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("in steps of " + step);
        }
    }

    @Test
    void survivesArbitraryPayloads() {
        Random random = new Random(9);
        RegionView piece = whole(floats(1, 4, 16, 16), random::nextGaussian);
        for (int round = 0; round < 500; round++) {
            byte[] noise = new byte[random.nextInt(3000)];
            random.nextBytes(noise);
            Codec codec = CODECS.get(1 + random.nextInt(CODECS.size() - 1));
            try {
                decoder.decode(ByteBuffer.wrap(noise), codec, piece, 0, (int) piece.bytes());
            } catch (CodecException refused) {
                assertThat(refused).hasMessageContaining("must");
            }
        }
    }

    @Test
    void holdsNoMoreThanTwiceTheBytesOfAFrame() {
        Random random = new Random(10);
        RegionView piece = whole(floats(1, 40, 112, 112), random::nextGaussian);
        int frameBytes = 256 << 10;
        for (int round = 0; round < 3; round++) {
            for (Codec codec : Codec.values()) {
                travel(piece, codec, frameBytes);
            }
        }

        assertThat(encoder.scratchBytes()).isLessThanOrEqualTo(2L * frameBytes + (16 << 10));
        assertThat(decoder.scratchBytes()).isLessThanOrEqualTo(2L * frameBytes + (16 << 10));
    }

    @Test
    void convertsEveryFloat16ThereAndBack() {
        byte[] two = new byte[2];
        float[] one = new float[1];
        for (int half = 0; half < 1 << 16; half++) {
            two[0] = (byte) half;
            two[1] = (byte) (half >> 8);
            Halves.read(two, 0, 1, one);
            byte[] back = new byte[2];

            assertThat(Halves.write(one, 1, back)).isTrue();
            if (!Float.isNaN(one[0])) {
                assertThat(back).as("%04x", half).isEqualTo(two);
            }
        }
    }
}
