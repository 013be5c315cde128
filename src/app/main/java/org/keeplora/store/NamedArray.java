package org.keeplora.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * An array of any number of dimensions with its name.
 *
 * @param name unique within a file
 * @param format of every element
 * @param shape outermost dimension first; empty for a single value
 * @param data the elements, row-major, little-endian, from position 0 to the limit; shared, not copied: when it comes
 *     from {@link Safetensors#get} it is a read-only view of the mapped file
 */
public record NamedArray(String name, ElementFormat format, long[] shape, ByteBuffer data) {
    public NamedArray {
        data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (data.limit() != elements(shape) * format.bytes()) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "array %s: shape %s of %s needs %d bytes but its data has %d",
                    name,
                    Arrays.toString(shape),
                    format,
                    elements(shape) * format.bytes(),
                    data.limit()));
        }
    }

    /** {@code values} as an F32 array of {@code shape}; copied. */
    public static NamedArray of(String name, long[] shape, float[] values) {
        ByteBuffer data = bytes(values.length, ElementFormat.F32);
        data.asFloatBuffer().put(values);
        return new NamedArray(name, ElementFormat.F32, shape, data);
    }

    /** {@code values} as an F64 array of {@code shape}; copied. */
    public static NamedArray of(String name, long[] shape, double[] values) {
        ByteBuffer data = bytes(values.length, ElementFormat.F64);
        data.asDoubleBuffer().put(values);
        return new NamedArray(name, ElementFormat.F64, shape, data);
    }

    /** {@code values} as an I64 array of {@code shape}; copied. */
    public static NamedArray of(String name, long[] shape, long[] values) {
        ByteBuffer data = bytes(values.length, ElementFormat.I64);
        data.asLongBuffer().put(values);
        return new NamedArray(name, ElementFormat.I64, shape, data);
    }

    /** {@code bytes} as a U8 array of one dimension; not copied. */
    public static NamedArray of(String name, byte[] bytes) {
        return new NamedArray(name, ElementFormat.U8, new long[] {bytes.length}, ByteBuffer.wrap(bytes));
    }

    private static ByteBuffer bytes(int elements, ElementFormat format) {
        return ByteBuffer.allocate(Math.multiplyExact(elements, format.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The product of {@code shape}: 1 for a single value. */
    static long elements(long[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    /** A copy of the elements of an F32 array, of an F16 or BF16 array, widened, or of an F64 array, rounded. */
    public float[] toFloats() {
        if (format == ElementFormat.F16 || format == ElementFormat.BF16) {
            return widened();
        }
        float[] values = new float[data.limit() / format.bytes()];
        if (format == ElementFormat.F64) {
            DoubleBuffer wide = littleEndian().asDoubleBuffer();
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) wide.get(i);
            }
            return values;
        }
        requireFormat(ElementFormat.F32);
        littleEndian().asFloatBuffer().get(values);
        return values;
    }

    private float[] widened() {
        ShortBuffer narrow = littleEndian().asShortBuffer();
        float[] values = new float[narrow.limit()];
        for (int i = 0; i < values.length; i++) {
            short bits = narrow.get(i);
            values[i] = format == ElementFormat.BF16 ? Float.intBitsToFloat(bits << Short.SIZE) : ofHalf(bits);
        }
        return values;
    }

    /** IEEE 754 binary16 to binary32, exactly: sign, 5 bits of exponent, 10 of fraction. */
    private static float ofHalf(short bits) {
        final int fractionBits = 10;
        final int largestExponent = 0x1f;
        int exponent = bits >> fractionBits & largestExponent;
        int fraction = bits & (1 << fractionBits) - 1;
        float magnitude;
        if (exponent == largestExponent) {
            magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else if (exponent == 0) {
            magnitude = Math.scalb((float) fraction, -14 - fractionBits);
        } else {
            magnitude = Math.scalb((float) (fraction | 1 << fractionBits), exponent - 15 - fractionBits);
        }
        return bits < 0 ? -magnitude : magnitude;
    }

    /** A copy of an F64 array's elements. */
    public double[] toDoubles() {
        requireFormat(ElementFormat.F64);
        double[] values = new double[data.limit() / format.bytes()];
        littleEndian().asDoubleBuffer().get(values);
        return values;
    }

    /** A copy of the elements of an I64 array, or of an I32 array, widened. */
    public long[] toLongs() {
        if (format == ElementFormat.I32) {
            IntBuffer narrow = littleEndian().asIntBuffer();
            return IntStream.range(0, narrow.limit()).mapToLong(narrow::get).toArray();
        }
        requireFormat(ElementFormat.I64);
        long[] values = new long[data.limit() / format.bytes()];
        littleEndian().asLongBuffer().get(values);
        return values;
    }

    /** A copy of a U8 array's elements. */
    public byte[] toBytes() {
        requireFormat(ElementFormat.U8);
        byte[] bytes = new byte[data.limit()];
        littleEndian().get(bytes);
        return bytes;
    }

    /** A view with its own position, so that an array may be read by several threads. */
    ByteBuffer littleEndian() {
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    private void requireFormat(ElementFormat wanted) {
        if (format != wanted) {
            throw new IllegalArgumentException("array " + this + " was read as " + wanted);
        }
    }

    @Override
    public String toString() {
        return name + " " + format + " " + Arrays.toString(shape);
    }
}
