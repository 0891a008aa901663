package dev.tandem.deploy.wiring;

import ai.onnxruntime.platform.Fp16Conversions;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.deploy.tensor.TensorValue;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Inputs made up from a seed: the same seed and index give the same tensors everywhere. */
public final class SampleInputs {

    private static final int WAVES = 3;
    private static final double NOISE = 0.25;

    private final List<TensorSpec> inputs;
    private final long seed;

    public SampleInputs(List<TensorSpec> inputs, long seed) {
        this.inputs = List.copyOf(inputs);
        this.seed = seed;
    }

    /** One tensor per input, by name: soft waves with noise for feature maps, noise for others, small whole numbers. */
    public Map<String, TensorValue> sample(int index) {
        Random random = new Random(seed * 1_000_003 + index);
        Map<String, TensorValue> sample = new LinkedHashMap<>();
        inputs.forEach(input -> sample.put(input.name(), tensor(input, random)));
        return sample;
    }

    private static TensorValue tensor(TensorSpec spec, Random random) {
        TensorValue value = TensorValue.allocate(spec);
        ByteBuffer content = value.buffer();
        double[] waves = random.doubles(3L * WAVES).toArray();
        int columns = spec.rank() > 0 ? spec.shape().get(spec.rank() - 1) : 1;
        for (int index = 0; index < value.size(); index++) {
            double wave = spec.isFeatureMap() ? wave(waves, index, columns) : 0;
            put(content, spec, wave, random);
        }
        return value;
    }

    private static double wave(double[] waves, int index, int columns) {
        double x = (double) (index % columns) / columns;
        int row = index / columns;
        double y = (double) row / columns;
        double sum = 0;
        for (int wave = 0; wave < WAVES; wave++) {
            double angle = waves[3 * wave] * 12 * x + waves[3 * wave + 1] * 12 * y + waves[3 * wave + 2] * Math.PI;
            sum += Math.sin(angle);
        }
        return sum / Math.sqrt(WAVES);
    }

    private static void put(ByteBuffer content, TensorSpec spec, double wave, Random random) {
        double real = spec.isFeatureMap() ? wave + NOISE * random.nextGaussian() : random.nextGaussian();
        switch (spec.type()) {
            case FLOAT -> content.putFloat((float) real);
            case DOUBLE -> content.putDouble(real);
            case FLOAT16 -> content.putShort(Fp16Conversions.floatToFp16((float) real));
            case BFLOAT16 -> content.putShort(Fp16Conversions.floatToBf16((float) real));
            case UINT8 -> content.put((byte) random.nextInt(256));
            case INT8 -> content.put((byte) (random.nextInt(256) - 128));
            case BOOL -> content.put((byte) random.nextInt(2));
            case INT16, UINT16 -> content.putShort((short) random.nextInt(2));
            case INT32, UINT32 -> content.putInt(random.nextInt(2));
            case INT64, UINT64 -> content.putLong(random.nextInt(2));
        }
    }
}
