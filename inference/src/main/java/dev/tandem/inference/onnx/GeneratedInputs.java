package dev.tandem.inference.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.platform.Fp16Conversions;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.inference.runtime.ElementTypes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Seeded inputs for a model: floats in [0, 1), bytes over their whole range, and zeros for wider integers, which are
 * mostly indices. Owns the native tensors.
 */
public final class GeneratedInputs implements AutoCloseable {
    private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    private boolean closed;

    private GeneratedInputs() {}

    /** Makes one tensor per specification; the caller closes the result. */
    public static GeneratedInputs of(List<TensorSpec> specs, long seed) throws OrtException {
        GeneratedInputs inputs = new GeneratedInputs();
        Random random = new Random(seed);
        try {
            for (TensorSpec spec : specs) {
                inputs.tensors.put(spec.name(), tensor(spec, random));
            }
            return inputs;
        } catch (OrtException | RuntimeException e) {
            inputs.close();
            throw e;
        }
    }

    /** The tensors by input name; valid until this is closed. */
    public Map<String, OnnxTensor> tensors() {
        if (closed) {
            throw new IllegalStateException("generated inputs are closed");
        }
        return Map.copyOf(tensors);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(TensorSpec spec, Random random) throws OrtException {
        ByteBuffer data =
                ByteBuffer.allocateDirect(Math.toIntExact(spec.bytes())).order(ByteOrder.nativeOrder());
        for (long element = 0; element < spec.elements(); element++) {
            put(data, spec, random);
        }
        long[] shape = spec.shape().stream().mapToLong(Integer::longValue).toArray();
        return OnnxTensor.createTensor(
                RuntimeSessions.environment(),
                data.flip(),
                shape,
                ElementTypes.forJava(spec.type()).orElseThrow());
    }

    private static void put(ByteBuffer data, TensorSpec spec, Random random) {
        switch (spec.type()) {
            case FLOAT -> data.putFloat(random.nextFloat());
            case DOUBLE -> data.putDouble(random.nextDouble());
            case FLOAT16 -> data.putShort(Fp16Conversions.floatToFp16(random.nextFloat()));
            case BFLOAT16 -> data.putShort(Fp16Conversions.floatToBf16(random.nextFloat()));
            case INT8, UINT8 -> data.put((byte) random.nextInt(256));
            case BOOL -> data.put((byte) random.nextInt(2));
            case INT16, UINT16 -> data.putShort((short) 0);
            case INT32, UINT32 -> data.putInt(0);
            case INT64, UINT64 -> data.putLong(0);
        }
    }
}
