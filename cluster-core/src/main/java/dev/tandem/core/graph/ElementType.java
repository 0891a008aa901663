package dev.tandem.core.graph;

/** Element types of tensors inside a model, with their size. Strings and sequences are none. */
public enum ElementType {
    FLOAT(4),
    FLOAT16(2),
    BFLOAT16(2),
    DOUBLE(8),
    INT8(1),
    UINT8(1),
    INT16(2),
    UINT16(2),
    INT32(4),
    UINT32(4),
    INT64(8),
    UINT64(8),
    BOOL(1);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes per element. */
    public int bytes() {
        return bytes;
    }

    /**
     * Whether a tensor of it can travel between shards: sessions take such inputs. ONNX Runtime's Java binding cannot make
     * tensors of the wider unsigned integers.
     */
    public boolean canTravel() {
        return this != UINT16 && this != UINT32 && this != UINT64;
    }

    /** Whether values carry a fraction: such a tensor inside a quantised model is no cut point. */
    public boolean isFloating() {
        return this == FLOAT || this == FLOAT16 || this == BFLOAT16 || this == DOUBLE;
    }
}
