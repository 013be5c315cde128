package org.keeplora.store;

/**
 * The type of a stored array's elements; the constants are named as in a safetensors header.
 *
 * <p>The order of the constants is that of the reference implementation, which writes arrays of later formats first.
 */
public enum ElementFormat {
    BOOL(1),
    U8(1),
    I8(1),
    I16(2),
    F16(2),
    BF16(2),
    I32(4),
    F32(4),
    F64(8),
    I64(8);

    private final int bytes;

    ElementFormat(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }
}
