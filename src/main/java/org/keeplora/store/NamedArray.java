package org.keeplora.store;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One array of a file.
 *
 * @param name its name in the file
 * @param type of its elements
 * @param shape outermost dimension first; empty for a single number
 * @param bytes row-major, little-endian, read-only when it comes from a file
 */
public record NamedArray(String name, ArrayType type, long[] shape, ByteBuffer bytes) {
    /** Product of the shape. */
    public long elements() {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    /**
     * A copy of the elements of an F32 array.
     *
     * @throws IllegalArgumentException naming the array and its type when that is another
     */
    public float[] floats() {
        require(ArrayType.F32);
        float[] values = new float[Math.toIntExact(elements())];
        little().asFloatBuffer().get(values);
        return values;
    }

    /** A copy of the elements of an F64 array. */
    public double[] doubles() {
        require(ArrayType.F64);
        double[] values = new double[Math.toIntExact(elements())];
        little().asDoubleBuffer().get(values);
        return values;
    }

    /** A copy of the elements of an I32 array. */
    public int[] ints() {
        require(ArrayType.I32);
        int[] values = new int[Math.toIntExact(elements())];
        little().asIntBuffer().get(values);
        return values;
    }

    /** A copy of the elements of an I64 array. */
    public long[] longs() {
        require(ArrayType.I64);
        long[] values = new long[Math.toIntExact(elements())];
        little().asLongBuffer().get(values);
        return values;
    }

    private void require(ArrayType wanted) {
        if (type != wanted) {
            throw new IllegalArgumentException("array '" + name + "' holds " + type + " but " + wanted + " is needed");
        }
    }

    private ByteBuffer little() {
        return bytes.duplicate().order(java.nio.ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public String toString() {
        return name + " " + type + " " + Arrays.toString(shape);
    }
}
