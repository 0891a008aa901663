package dev.tandem.deploy.tensor;

import ai.onnxruntime.platform.Fp16Conversions;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A tensor on the heap: name, type, shape and elements in row-major order and native byte order.
 *
 * <p>Not guarded against concurrent writes; views share the content.
 */
public final class TensorValue {

    private static final int UNSIGNED_BYTE = 0xFF;
    private static final int UNSIGNED_SHORT = 0xFFFF;
    private static final long UNSIGNED_INT = 0xFFFF_FFFFL;
    private static final double TWO_TO_64 = 0x1p64;

    private final TensorSpec spec;
    private final ByteBuffer content;

    private TensorValue(TensorSpec spec, ByteBuffer content) {
        this.spec = spec;
        this.content = content;
    }

    /** A tensor of zeros. */
    public static TensorValue allocate(TensorSpec spec) {
        return new TensorValue(spec, ByteBuffer.allocate(sizeBytes(spec)).order(ByteOrder.nativeOrder()));
    }

    /** A tensor with a copy of the remaining bytes of {@code content}, which are in native byte order. */
    public static TensorValue copyOf(TensorSpec spec, ByteBuffer content) {
        if (content.remaining() != spec.bytes()) {
            throw new IllegalArgumentException("content (" + content.remaining() + " bytes) of tensor '" + spec.name()
                    + "' must be " + spec.bytes() + " bytes, as " + spec.type() + " " + spec.shape() + " needs.");
        }
        TensorValue value = allocate(spec);
        value.buffer().put(content.duplicate());
        return value;
    }

    /** A float tensor with a copy of the given elements. */
    public static TensorValue ofFloats(String name, List<Integer> shape, float... elements) {
        TensorValue value = allocate(new TensorSpec(name, ElementType.FLOAT, shape));
        value.buffer().asFloatBuffer().put(elements);
        return value;
    }

    private static int sizeBytes(TensorSpec spec) {
        if (spec.bytes() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "tensor '" + spec.name() + "' of " + spec.bytes() + " bytes must be smaller than 2 GiB.");
        }
        return (int) spec.bytes();
    }

    /** Name, type and shape. */
    public TensorSpec spec() {
        return spec;
    }

    /** A view of the whole content with a position of its own, in native byte order. */
    public ByteBuffer buffer() {
        return content.duplicate().order(ByteOrder.nativeOrder());
    }

    /** The same content under another name. */
    public TensorValue named(String name) {
        return new TensorValue(new TensorSpec(name, spec.type(), spec.shape()), content);
    }

    /** Number of elements. */
    public int size() {
        return (int) spec.elements();
    }

    /** The element at a row-major index as a double; 64-bit integers lose digits beyond the 53rd bit. */
    public double element(int index) {
        ElementType type = spec.type();
        int at = index * type.bytes();
        return switch (type) {
            case FLOAT -> content.getFloat(at);
            case DOUBLE -> content.getDouble(at);
            case FLOAT16 -> Fp16Conversions.fp16ToFloat(content.getShort(at));
            case BFLOAT16 -> Fp16Conversions.bf16ToFloat(content.getShort(at));
            case INT8 -> content.get(at);
            case UINT8 -> content.get(at) & UNSIGNED_BYTE;
            case BOOL -> content.get(at) == 0 ? 0 : 1;
            case INT16 -> content.getShort(at);
            case UINT16 -> content.getShort(at) & UNSIGNED_SHORT;
            case INT32 -> content.getInt(at);
            case UINT32 -> content.getInt(at) & UNSIGNED_INT;
            case INT64 -> content.getLong(at);
            case UINT64 -> unsigned(content.getLong(at));
        };
    }

    /** Whether any element is not a number; such a tensor passes through a model, but rarely on purpose. */
    public boolean hasNan() {
        return spec.type().isFloating() && IntStream.range(0, size()).anyMatch(index -> Double.isNaN(element(index)));
    }

    private static double unsigned(long bits) {
        return bits >= 0 ? bits : bits + TWO_TO_64;
    }
}
