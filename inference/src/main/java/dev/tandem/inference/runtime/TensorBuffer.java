package dev.tandem.inference.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A tensor in a direct buffer of native byte order that ONNX Runtime reads and writes in place, made once and used for
 * many runs.
 *
 * <p>It has one owner, who closes it. The content is not guarded: do not write an input or read an output while a run
 * uses it, nor give one buffer to two runs at a time as an output. Closing during a run is safe: native memory is freed
 * when the run has ended. The bytes themselves belong to the garbage collector, so that a view taken from
 * {@link #buffer()} never points to freed memory.
 */
public final class TensorBuffer implements AutoCloseable {
    /** A cache line, and the widest vector register of the processors in use. */
    private static final int ALIGNMENT_BYTES = 64;

    private static final long MAX_BYTES = Integer.MAX_VALUE - 2L * ALIGNMENT_BYTES;

    private final TensorSpec spec;
    private final ByteBuffer content;
    private final OnnxTensor tensor;
    private final AtomicBoolean closed = new AtomicBoolean();
    /** The owner and every run in progress; the last one to let go frees the tensor. */
    private final AtomicInteger holders = new AtomicInteger(1);

    private TensorBuffer(TensorSpec spec, ByteBuffer content, OnnxTensor tensor) {
        this.spec = spec;
        this.content = content;
        this.tensor = tensor;
    }

    /**
     * A tensor of zeros.
     *
     * @throws IllegalArgumentException if the type is UINT16, UINT32 or UINT64, which ONNX Runtime's Java binding cannot
     *     make, or if the tensor takes 2 GiB or more
     */
    public static TensorBuffer allocate(TensorSpec spec) {
        OnnxJavaType type = ElementTypes.forJava(spec.type())
                .orElseThrow(() -> new IllegalArgumentException("type (" + spec.type() + ") of tensor '" + spec.name()
                        + "' must be one that ONNX Runtime's Java binding can create: not a 16, 32 or 64 bit unsigned"
                        + " integer. Maybe cut the model at another tensor."));
        ByteBuffer content = aligned(spec);
        long[] shape = spec.shape().stream().mapToLong(Integer::longValue).toArray();
        try {
            return new TensorBuffer(
                    spec, content, OnnxTensor.createTensor(OnnxRuntime.environment(), content, shape, type));
        } catch (OrtException e) {
            throw new InferenceException("tensor '" + spec.name() + "' cannot be made: " + e.getMessage(), e);
        }
    }

    /** A tensor of the runtime's in a buffer of its own. */
    static TensorBuffer copyOf(String name, OnnxTensor tensor) {
        ElementType type = ElementTypes.of(tensor.getInfo().onnxType).orElseThrow();
        List<Integer> shape = Arrays.stream(tensor.getInfo().getShape())
                .mapToObj(Math::toIntExact)
                .toList();
        TensorBuffer copy = allocate(new TensorSpec(name, type, shape));
        if (copy.spec.bytes() > 0) {
            copy.buffer().put(tensor.getByteBuffer());
        }
        return copy;
    }

    private static ByteBuffer aligned(TensorSpec spec) {
        long bytes = spec.bytes();
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException("size (" + bytes + " bytes) of tensor '" + spec.name()
                    + "' must be at most " + MAX_BYTES + " bytes. Maybe divide it into more shards.");
        }
        return direct(spec, (int) bytes + 2 * ALIGNMENT_BYTES)
                .alignedSlice(ALIGNMENT_BYTES)
                .slice(0, (int) bytes)
                .order(ByteOrder.nativeOrder());
    }

    /** Too little memory for buffers is a reason not to serve a model, not to end the process that serves others. */
    private static ByteBuffer direct(TensorSpec spec, int bytes) {
        try {
            return ByteBuffer.allocateDirect(bytes);
        } catch (OutOfMemoryError e) {
            throw new InferenceException(
                    "no memory for the " + bytes + " bytes of tensor '" + spec.name()
                            + "'. Maybe raise -XX:MaxDirectMemorySize, or lower tandem.transport.window.",
                    e);
        }
    }

    /** Name, type and shape. */
    public TensorSpec spec() {
        return spec;
    }

    /**
     * A view of the whole content with a position of its own, in native byte order, elements in row-major order.
     *
     * @throws IllegalStateException after close
     */
    public ByteBuffer buffer() {
        requireOpen();
        return content.duplicate().order(ByteOrder.nativeOrder());
    }

    /** Gives the tensor back; later calls have no effect. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release();
        }
    }

    /** The native tensor, which stays until {@link #release()} even if the owner closes the buffer before. */
    OnnxTensor hold() {
        holders.updateAndGet(count -> {
            if (count == 0 || closed.get()) {
                throw closedException();
            }
            return count + 1;
        });
        return tensor;
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            tensor.close();
        }
    }

    private void requireOpen() {
        if (closed.get()) {
            throw closedException();
        }
    }

    private IllegalStateException closedException() {
        return new IllegalStateException("tensor '" + spec.name() + "' is closed and can no longer be used.");
    }
}
