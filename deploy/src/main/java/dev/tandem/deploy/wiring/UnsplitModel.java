package dev.tandem.deploy.wiring;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.inference.runtime.NativeSessions;
import dev.tandem.inference.runtime.OnnxRuntime;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The yardstick: the model file as it came, in plain ONNX Runtime with its default optimisations, by a way that shares no
 * code with the split model.
 */
public final class UnsplitModel implements AutoCloseable {

    private static final Map<ElementType, OnnxJavaType> TYPES = Map.of(
            ElementType.FLOAT, OnnxJavaType.FLOAT,
            ElementType.FLOAT16, OnnxJavaType.FLOAT16,
            ElementType.BFLOAT16, OnnxJavaType.BFLOAT16,
            ElementType.DOUBLE, OnnxJavaType.DOUBLE,
            ElementType.INT8, OnnxJavaType.INT8,
            ElementType.UINT8, OnnxJavaType.UINT8,
            ElementType.INT16, OnnxJavaType.INT16,
            ElementType.INT32, OnnxJavaType.INT32,
            ElementType.INT64, OnnxJavaType.INT64,
            ElementType.BOOL, OnnxJavaType.BOOL);

    private final Path file;
    private final SessionOptions options;
    private final OrtSession session;

    private UnsplitModel(Path file, SessionOptions options, OrtSession session) {
        this.file = file;
        this.options = options;
        this.session = session;
    }

    /** Opens a model with so many threads per run. */
    public static UnsplitModel open(Path file, int threads) {
        // First of all: options, too, would load the native library.
        OnnxRuntime.environment();
        SessionOptions options = new SessionOptions();
        try {
            options.setIntraOpNumThreads(threads);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            return new UnsplitModel(file, options, NativeSessions.open(file, options));
        } catch (OrtException e) {
            options.close();
            throw failure(file, e);
        }
    }

    /** Runs the model once; outputs by name in the model's order. */
    public Map<String, TensorValue> run(Map<String, TensorValue> inputs) {
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        try {
            for (TensorValue input : inputs.values()) {
                tensors.put(input.spec().name(), tensor(input));
            }
            try (OrtSession.Result result = session.run(tensors)) {
                return values(result);
            }
        } catch (OrtException e) {
            throw failure(file, e);
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw failure(file, e);
        } finally {
            options.close();
        }
    }

    /** A native tensor with a copy of the content, owned by the caller. */
    static OnnxTensor tensor(TensorValue value) throws OrtException {
        OnnxJavaType type = TYPES.get(value.spec().type());
        if (type == null) {
            throw new IllegalArgumentException("element type " + value.spec().type() + " of input '"
                    + value.spec().name() + "' must be one that ONNX Runtime's Java binding can make.");
        }
        ByteBuffer source = value.buffer();
        ByteBuffer direct = ByteBuffer.allocateDirect(source.remaining()).order(ByteOrder.nativeOrder());
        direct.put(source).flip();
        long[] shape =
                value.spec().shape().stream().mapToLong(Integer::longValue).toArray();
        return OnnxTensor.createTensor(OnnxRuntime.environment(), direct, shape, type);
    }

    private static Map<String, TensorValue> values(OrtSession.Result result) {
        Map<String, TensorValue> values = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
            values.put(output.getKey(), value(output.getKey(), (OnnxTensor) output.getValue()));
        }
        return values;
    }

    private static TensorValue value(String name, OnnxTensor tensor) {
        ElementType type = TYPES.entrySet().stream()
                .filter(entry -> entry.getValue() == tensor.getInfo().type)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("element type " + tensor.getInfo().type + " of output '"
                        + name + "' must be one that ONNX Runtime's Java binding can read."));
        List<Integer> shape = Arrays.stream(tensor.getInfo().getShape())
                .mapToObj(Math::toIntExact)
                .toList();
        return TensorValue.copyOf(new TensorSpec(name, type, shape), tensor.getByteBuffer());
    }

    private static IllegalStateException failure(Path file, OrtException cause) {
        return new IllegalStateException("unsplit model " + file + " failed: " + cause.getMessage(), cause);
    }
}
