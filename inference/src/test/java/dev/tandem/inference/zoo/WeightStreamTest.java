package dev.tandem.inference.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WeightStreamTest {

    private static final Weight.Fill STANDARD_NORMAL = new Weight.Fill.Normal(1);

    @Test
    void drawsTheNormalDistributionUpToItsTruncatedTails() throws IOException {
        float[] values = floats(draw(7, "kernel", 400_000, new Weight.Fill.Normal(0.2)));

        double[] standard = stream(values).map(value -> value / 0.2).toArray();
        assertThat(DoubleStream.of(standard).average().orElseThrow()).isCloseTo(0, within(0.01));
        assertThat(moment(standard, 2)).isCloseTo(1, within(0.01));
        assertThat(moment(standard, 3)).isCloseTo(0, within(0.02));
        // Kurtosis 3 − 6/(5·4); a third of the values lies beyond one standard deviation, as for the true normal.
        assertThat(moment(standard, 4)).isCloseTo(2.7, within(0.03));
        assertThat(DoubleStream.of(standard)
                                .filter(value -> Math.abs(value) > 1)
                                .count()
                        / 400_000.0)
                .isCloseTo(0.317, within(0.015));
        assertThat(DoubleStream.of(standard).map(Math::abs).max().orElseThrow()).isLessThan(Math.sqrt(12));
    }

    @Test
    void drawsTheUniformDistributionWithinItsBounds() throws IOException {
        float[] values = floats(draw(7, "gamma", 100_000, new Weight.Fill.Uniform(1, 0.1)));

        assertThat(stream(values).min().orElseThrow()).isBetween(0.9, 0.901);
        assertThat(stream(values).max().orElseThrow()).isBetween(1.099, 1.1);
        assertThat(stream(values).average().orElseThrow()).isCloseTo(1, within(0.002));
    }

    @Test
    void bytesDependOnSeedAndNameButNotOnWhatWasDrawnBefore() throws IOException {
        WeightStream stream = new WeightStream(7);
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        stream.write(new Weight("first", List.of(5L), STANDARD_NORMAL, true), new ByteArrayOutputStream());
        stream.write(new Weight("kernel", List.of(100L), STANDARD_NORMAL, true), second);

        assertThat(second.toByteArray()).isEqualTo(draw(7, "kernel", 100, STANDARD_NORMAL));
        assertThat(draw(8, "kernel", 100, STANDARD_NORMAL)).isNotEqualTo(second.toByteArray());
        assertThat(draw(7, "kernel2", 100, STANDARD_NORMAL)).isNotEqualTo(second.toByteArray());
    }

    /** Fixes the stream for good: plans name weights by their digest, so another JVM must draw the same bits. */
    @Test
    void firstValuesNeverChange() throws IOException {
        float[] values = floats(draw(1, "kernel", 3, STANDARD_NORMAL));

        assertThat(values).containsExactly(1.9782104f, -0.4014829f, -1.0681543f);
    }

    private static byte[] draw(long seed, String name, long elements, Weight.Fill fill) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new WeightStream(seed).write(new Weight(name, List.of(elements), fill, true), out);
        return out.toByteArray();
    }

    private static float[] floats(byte[] bytes) {
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    private static DoubleStream stream(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]);
    }

    private static double moment(double[] values, int order) {
        return DoubleStream.of(values)
                .map(value -> Math.pow(value, order))
                .average()
                .orElseThrow();
    }
}
