package org.keeplora.engine;

/** Type of a matrix's elements. */
public enum ElementType {
    /** IEEE single precision. */
    F32(Float.BYTES),
    /** IEEE double precision. */
    F64(Double.BYTES);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }
}
