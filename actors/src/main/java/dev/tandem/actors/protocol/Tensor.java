package dev.tandem.actors.protocol;

import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A tensor's values in an ordinary buffer, for applications: nothing native to close.
 *
 * <p>Whoever makes it hands the buffer over and must not write to it afterwards; readers get views of their own.
 */
public final class Tensor {

    private final TensorSpec spec;
    private final ByteBuffer content;

    private Tensor(TensorSpec spec, ByteBuffer content) {
        this.spec = spec;
        this.content = content;
    }

    /**
     * Takes over a buffer.
     *
     * @param content elements in row-major order and native byte order, from position to limit
     * @throws IllegalArgumentException when the buffer is not exactly as long as the tensor
     */
    public static Tensor of(TensorSpec spec, ByteBuffer content) {
        if (content.remaining() != spec.bytes()) {
            throw new IllegalArgumentException("buffer of " + content.remaining() + " bytes must hold the "
                    + spec.bytes() + " bytes of tensor '" + spec.name() + "' " + spec.type() + spec.shape());
        }
        return new Tensor(spec, content.slice().order(ByteOrder.nativeOrder()));
    }

    /** A FLOAT tensor; the values are copied. */
    public static Tensor ofFloats(String name, List<Integer> shape, float[] values) {
        ByteBuffer content = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
                .order(ByteOrder.nativeOrder());
        content.asFloatBuffer().put(values);
        return of(new TensorSpec(name, ElementType.FLOAT, shape), content);
    }

    public TensorSpec spec() {
        return spec;
    }

    /** A read-only view of all bytes, native byte order, position 0. */
    public ByteBuffer bytes() {
        return content.asReadOnlyBuffer().order(ByteOrder.nativeOrder());
    }

    /** The values of a FLOAT tensor, copied. */
    public float[] floats() {
        if (spec.type() != ElementType.FLOAT) {
            throw new IllegalStateException("tensor '" + spec.name() + "' is " + spec.type() + ", not FLOAT");
        }
        float[] values = new float[(int) spec.elements()];
        bytes().asFloatBuffer().get(values);
        return values;
    }

    @Override
    public String toString() {
        return spec.toString();
    }
}
