package dev.tandem.inference.runtime;

import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/** Float tensors in and out of buffers. */
final class Tensors {
    private Tensors() {}

    static TensorBuffer floats(List<Integer> shape, float... values) {
        TensorBuffer tensor = TensorBuffer.allocate(new TensorSpec("tensor", ElementType.FLOAT, shape));
        tensor.buffer().asFloatBuffer().put(values);
        return tensor;
    }

    static TensorBuffer filled(List<Integer> shape, float value) {
        TensorBuffer tensor = floats(shape);
        float[] values = new float[(int) tensor.spec().elements()];
        Arrays.fill(values, value);
        tensor.buffer().asFloatBuffer().put(values);
        return tensor;
    }

    static float[] values(TensorBuffer tensor) {
        FloatBuffer floats = tensor.buffer().asFloatBuffer();
        float[] values = new float[floats.remaining()];
        floats.get(values);
        return values;
    }
}
