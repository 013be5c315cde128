package org.keeplora.store;

/**
 * How one element of a stored array is written; constants are named as in a safetensors header.
 *
 * <p>Declared in the reference implementation's order: it writes arrays of later formats first.
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
