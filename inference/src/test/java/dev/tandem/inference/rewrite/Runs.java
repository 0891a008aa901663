package dev.tandem.inference.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.platform.Fp16Conversions;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionView;
import dev.tandem.inference.runtime.ModelSession;
import dev.tandem.inference.runtime.SessionSettings;
import dev.tandem.inference.runtime.TensorBuffer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Runs models on named tensors, cut and put together as needed. */
final class Runs {

    private Runs() {}

    static SessionSettings settings(boolean optimised) {
        return SessionSettings.defaults()
                .withOptimization(
                        optimised ? SessionSettings.OptimizationLevel.ALL : SessionSettings.OptimizationLevel.DISABLED);
    }

    static TensorBuffer random(TensorSpec spec, Random random) {
        TensorBuffer tensor = TensorBuffer.allocate(spec);
        ByteBuffer bytes = tensor.buffer();
        while (bytes.hasRemaining()) {
            switch (spec.type()) {
                case FLOAT -> bytes.putFloat(2 * random.nextFloat() - 1);
                case FLOAT16 -> bytes.putShort(Fp16Conversions.floatToFp16(2 * random.nextFloat() - 1));
                default -> bytes.put((byte) random.nextInt(256));
            }
        }
        return tensor;
    }

    static Map<String, TensorBuffer> run(Path model, SessionSettings settings, Map<String, TensorBuffer> inputs) {
        try (ModelSession session = ModelSession.open(model, settings)) {
            return session.run(inputs);
        }
    }

    static TensorBuffer cut(TensorSpec tensor, TensorBuffer whole, Region region) {
        TensorBuffer part = TensorBuffer.allocate(region.of(tensor));
        RegionView.copy(
                new RegionView(whole.buffer(), tensor, Region.WHOLE, region),
                RegionView.whole(part.buffer(), tensor, region));
        return part;
    }

    static Map<String, TensorBuffer> cut(
            List<TensorSpec> tensors, Map<String, TensorBuffer> whole, Map<String, Region> regions) {
        Map<String, TensorBuffer> parts = new LinkedHashMap<>();
        for (TensorSpec tensor : tensors) {
            Region region = regions.getOrDefault(tensor.name(), Region.WHOLE);
            parts.put(tensor.name(), cut(tensor, get(whole, tensor.name()), region));
        }
        return parts;
    }

    /** Largest difference of two tensors, relative to the range of the second; 0 when their bytes are equal. */
    static double difference(TensorBuffer actual, TensorBuffer expected) {
        return difference(actual, expected, range(expected));
    }

    /** Largest difference of two tensors, relative to a range; 0 when their bytes are equal. */
    static double difference(TensorBuffer actual, TensorBuffer expected, double range) {
        assertThat(actual.spec().shape()).isEqualTo(expected.spec().shape());
        if (actual.buffer().equals(expected.buffer())) {
            return 0;
        }
        double largest = 0;
        for (int index = 0; index < expected.spec().elements(); index++) {
            double apart = Math.abs(element(actual, index) - element(expected, index));
            // NaN on one side only is as far apart as can be.
            largest = Math.max(largest, Double.isNaN(apart) ? Double.POSITIVE_INFINITY : apart);
        }
        return largest / Math.max(range, 1e-6);
    }

    /**
     * Largest minus smallest element, at least a twentieth of the largest magnitude: a hundred thousandth of that is four
     * units in the last place, and what hardly varies may be that far off. Of what lies between 0 and 1 at least 0.005: the
     * runtime computes a sigmoid around one half, in steps of 2^-24 however small the result is.
     */
    static double range(TensorBuffer tensor) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int index = 0; index < tensor.spec().elements(); index++) {
            double element = element(tensor, index);
            low = Math.min(low, element);
            high = Math.max(high, element);
        }
        double largest = Math.max(Math.abs(low), Math.abs(high));
        double least = Math.max(largest / 20, low >= 0 && high <= 1 ? 0.005 : 0);
        return Math.max(high - low, least);
    }

    private static double element(TensorBuffer tensor, int index) {
        ByteBuffer bytes = tensor.buffer();
        return switch (tensor.spec().type()) {
            case FLOAT -> bytes.getFloat(index * Float.BYTES);
            case FLOAT16 -> Fp16Conversions.fp16ToFloat(bytes.getShort(index * Short.BYTES));
            case UINT8 -> bytes.get(index) & 0xff;
            case INT8 -> bytes.get(index);
            default -> throw new IllegalArgumentException("no comparison for " + tensor.spec());
        };
    }

    /** What must be there under a name. */
    static <T> T get(Map<String, T> byName, String name) {
        return Objects.requireNonNull(byName.get(name), () -> "nothing under '" + name + "'");
    }

    static void close(Map<String, TensorBuffer> tensors) {
        tensors.values().forEach(TensorBuffer::close);
    }
}
