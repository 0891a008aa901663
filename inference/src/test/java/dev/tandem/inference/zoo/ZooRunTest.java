package dev.tandem.inference.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.tandem.inference.runtime.OnnxRuntime;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** ONNX Runtime takes every model, and what it computes is alive: finite, spread over the classes, and of the input. */
class ZooRunTest {

    private static final OrtEnvironment ENVIRONMENT = OnnxRuntime.environment();
    private static final ZooOptions DEFAULTS = ZooOptions.defaults();

    private final Path folder;

    ZooRunTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"RESNET_152", "VGG_13", "VGG_16", "VGG_19", "INCEPTION_RESNET_V2"})
    void outputsAreFiniteAndDependOnTheInput(ZooModel model) throws IOException, OrtException {
        assertAlive(model, DEFAULTS);
    }

    @Tag("nightly")
    @ParameterizedTest
    @EnumSource(names = {"RESNET_152", "VGG_13", "VGG_16", "VGG_19", "INCEPTION_RESNET_V2"})
    void outputsOfGiantsAreFiniteAndDependOnTheInput(ZooModel model) throws IOException, OrtException {
        assertAlive(model, DEFAULTS);
    }

    @ParameterizedTest
    @EnumSource(names = {"TANDEM_MINI", "VIT_TINY", "MOBILENET_V1_0_25"})
    void otherBatchesAndResolutionsRunToo(ZooModel model) throws IOException, OrtException {
        assertAlive(model, DEFAULTS.withBatch(2).withResolution(96));
    }

    @Test
    void imagesOfABatchDoNotMix() throws IOException, OrtException {
        Path file = folder.resolve("mini.onnx");
        ZooModel.TANDEM_MINI.write(file, DEFAULTS.withBatch(2));
        Path single = folder.resolve("single.onnx");
        ZooModel.TANDEM_MINI.write(single, DEFAULTS);
        float[] images = image(List.of(2L, 3L, 64L, 64L), 5);

        float[] both = run(file, List.of(2L, 3L, 64L, 64L), List.of(images)).get(0);

        float[] second = Arrays.copyOfRange(images, 3 * 64 * 64, images.length);
        float[] alone = run(single, List.of(1L, 3L, 64L, 64L), List.of(second)).get(0);
        assertThat(Arrays.copyOfRange(both, 10, 20)).containsExactly(alone, within(1e-4f));
    }

    private void assertAlive(ZooModel model, ZooOptions options) throws IOException, OrtException {
        Path file = folder.resolve(model.modelName() + ".onnx");
        model.write(file, options);
        List<Long> shape = model.inputShape(options);

        List<float[]> outputs = run(file, shape, List.of(image(shape, 1), image(shape, 2)));

        double spread = deviation(outputs.get(0));
        assertThat(outputs.get(0)).hasSize((model == ZooModel.TANDEM_MINI ? 10 : 1000) * options.batch());
        assertThat(spread).as("deviation over the classes").isBetween(0.05, 50.0);
        assertThat(deviation(difference(outputs.get(0), outputs.get(1))))
                .as("deviation between two inputs, of %s over the classes", spread)
                .isGreaterThan(0.01 * spread);
    }

    private static List<float[]> run(Path file, List<Long> shape, List<float[]> images) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.BASIC_OPT);
            options.setIntraOpNumThreads(2);
            try (OrtSession session = ENVIRONMENT.createSession(file.toString(), options)) {
                return List.of(run(session, shape, images.get(0)), run(session, shape, images.get(images.size() - 1)));
            }
        }
    }

    private static float[] run(OrtSession session, List<Long> shape, float[] image) throws OrtException {
        long[] dimensions = shape.stream().mapToLong(Long::longValue).toArray();
        try (OnnxTensor input = OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(image), dimensions);
                OrtSession.Result result = session.run(Map.of("input", input))) {
            // The result owns and closes its tensors.
            FloatBuffer buffer = ((OnnxTensor) result.get("output").orElseThrow()).getFloatBuffer();
            float[] values = new float[buffer.remaining()];
            buffer.get(values);
            return values;
        }
    }

    /** A seeded smooth picture: a few waves and a tint per channel, about zero mean and unit variance over all seeds. */
    private static float[] image(List<Long> shape, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int planes = Math.toIntExact(shape.get(0) * shape.get(1));
        int size = Math.toIntExact(shape.get(2));
        float[] values = new float[planes * size * size];
        for (int plane = 0; plane < planes; plane++) {
            double tint = random.nextDouble(-1, 1);
            double across = random.nextDouble(1, 12) * 2 * Math.PI / size;
            double down = random.nextDouble(1, 12) * 2 * Math.PI / size;
            for (int i = 0; i < size * size; i++) {
                int row = i / size;
                int column = i % size;
                double wave = Math.sin(column * across) + Math.cos(row * down);
                values[plane * size * size + i] = (float) (tint + 0.8 * wave);
            }
        }
        return values;
    }

    private static float[] difference(float[] left, float[] right) {
        float[] values = new float[left.length];
        IntStream.range(0, left.length).forEach(i -> values[i] = left[i] - right[i]);
        return values;
    }

    private static double deviation(float[] values) {
        double mean = IntStream.range(0, values.length)
                .mapToDouble(i -> values[i])
                .average()
                .orElseThrow();
        double variance = IntStream.range(0, values.length)
                .mapToDouble(i -> (values[i] - mean) * (values[i] - mean))
                .average()
                .orElseThrow();
        return Math.sqrt(variance);
    }
}
