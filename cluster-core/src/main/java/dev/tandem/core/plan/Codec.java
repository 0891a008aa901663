package dev.tandem.core.plan;

import dev.tandem.core.graph.ElementType;
import java.util.Locale;

/**
 * How a tensor travels along an edge from one node to another. Within a node nothing is coded.
 *
 * <p>What a codec cannot carry within its error, such as a value that is not finite as {@link #INT8}, travels as the
 * producer wrote it, frame by frame; the frame says so.
 */
public enum Codec {
    /** Element for element as the producer wrote it. */
    EXACT(Form.EXACT, false),
    /** Two bytes per element: within 2^-11 of the value, 2^-25 where that is less than 2^-14. */
    FLOAT16(Form.FLOAT16, false),
    /** A byte per element: within half of a 255th of the range of its channel. */
    INT8(Form.INT8, false),
    /** As the producer wrote it, in an LZ4 block. */
    LZ4(Form.EXACT, true),
    /** As {@link #FLOAT16}, in an LZ4 block. */
    FLOAT16_LZ4(Form.FLOAT16, true),
    /** As {@link #INT8}, in an LZ4 block. */
    INT8_LZ4(Form.INT8, true);

    /** What becomes of the elements. */
    public enum Form {
        EXACT,
        FLOAT16,
        INT8
    }

    private final Form form;
    private final boolean packed;

    Codec(Form form, boolean packed) {
        this.form = form;
        this.packed = packed;
    }

    /** The codec of this form, with LZ4 or without. */
    public static Codec of(Form form, boolean packed) {
        return switch (form) {
            case EXACT -> packed ? LZ4 : EXACT;
            case FLOAT16 -> packed ? FLOAT16_LZ4 : FLOAT16;
            case INT8 -> packed ? INT8_LZ4 : INT8;
        };
    }

    public Form form() {
        return form;
    }

    /** Whether bytes are in LZ4 blocks where that makes them fewer. */
    public boolean isPacked() {
        return packed;
    }

    /** Whether elements may arrive as others than those that were sent. */
    public boolean isLossy() {
        return form != Form.EXACT;
    }

    /** What of it can be had for elements of this type: only 32-bit floats may lose something. */
    public Codec on(ElementType type) {
        return type == ElementType.FLOAT ? this : of(Form.EXACT, packed);
    }

    /** Whether a frame may travel like {@code other} on an edge of this codec: without what did not work for it. */
    public boolean allows(Codec other) {
        return (other.form == form || other.form == Form.EXACT) && (packed || !other.packed);
    }

    /** As settings, commands and plans write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
