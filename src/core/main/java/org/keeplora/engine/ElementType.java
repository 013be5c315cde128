package org.keeplora.engine;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/**
 * The type of a matrix's elements. Half precision is only for weights, gradients and inputs of the caller, which are
 * read and never written.
 */
public enum ElementType {
    /** IEEE single precision. */
    F32(Float.BYTES),
    /** IEEE double precision. */
    F64(Double.BYTES),
    /** IEEE half precision. */
    F16(Short.BYTES),
    /** bfloat16: the upper half of a float32. */
    BF16(Short.BYTES);

    private static final double LARGEST_F16 = 65504;
    private static final double LARGEST_BF16 = 0x1.FEp127;

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** The largest finite number of this type. */
    double largest() {
        return switch (this) {
            case F32 -> Float.MAX_VALUE;
            case F64 -> Double.MAX_VALUE;
            case F16 -> LARGEST_F16;
            case BF16 -> LARGEST_BF16;
        };
    }

    /** Whether this is a half-precision type, which only holds samples. */
    public boolean isHalf() {
        return bytes == Short.BYTES;
    }

    /**
     * A pointer to the elements of {@code memory} from its position on, which counts from there. Native calls add a
     * position to an address, but copies between pointers of different types do not.
     */
    Pointer fromPosition(Pointer memory) {
        long elements = memory.limit() - memory.position();
        return pointer(memory).getPointer(memory.position()).position(0).limit(elements);
    }

    /** {@code memory} as a pointer to elements. */
    Pointer pointer(Pointer memory) {
        return switch (this) {
            case F32 -> new FloatPointer(memory);
            case F64 -> new DoublePointer(memory);
            case F16, BF16 -> new ShortPointer(memory);
        };
    }
}
