package org.keeplora.engine;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.javacpp.indexer.Bfloat16Indexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.bytedeco.javacpp.indexer.HalfIndexer;

/** Half-precision samples on the host. */
final class CpuHalves {
    /** All bits of the exponent: infinities and NaN. */
    private static final int F16_EXPONENT = 0x7C00;

    private static final int BF16_EXPONENT = 0x7F80;
    /** Number of elements widened at a time. */
    private static final int BLOCK = 1 << 16;

    private CpuHalves() {}

    /**
     * Copies {@code count} elements of {@code samples}, from {@code first} on, into {@code target}, float32 or float64,
     * from {@code targetFirst} on. The widening is exact.
     */
    static void widen(Matrix samples, long first, long count, Matrix target, long targetFirst) {
        boolean ieee = samples.type() == ElementType.F16;
        short[] halves = new short[(int) Math.min(BLOCK, count)];
        double[] values = new double[halves.length];
        for (long done = 0; done < count; done += halves.length) {
            int length = (int) Math.min(halves.length, count - done);
            at(samples, first + done).get(halves, 0, length);
            for (int i = 0; i < length; i++) {
                values[i] = ieee ? HalfIndexer.toFloat(halves[i]) : Bfloat16Indexer.toFloat(halves[i]);
            }
            put(target, targetFirst + done, values, length);
        }
    }

    private static ShortPointer at(Matrix samples, long element) {
        ShortPointer halves = new ShortPointer(samples.halves());
        return halves.position(halves.position() + element);
    }

    private static void put(Matrix target, long element, double[] values, int length) {
        if (target.type() == ElementType.F64) {
            DoublePointer doubles = new DoublePointer(target.doubles());
            doubles.position(doubles.position() + element).put(values, 0, length);
        } else {
            FloatIndexer floats = FloatIndexer.create(target.floats());
            for (int i = 0; i < length; i++) {
                floats.put(element + i, (float) values[i]);
            }
        }
    }

    /** Whether {@code count} elements from {@code first} on are finite. */
    static boolean areFinite(Matrix samples, long first, int count) {
        int exponent = samples.type() == ElementType.F16 ? F16_EXPONENT : BF16_EXPONENT;
        short[] halves = new short[count];
        at(samples, first).get(halves, 0, count);
        boolean finite = true;
        for (short half : halves) {
            finite &= (half & exponent) != exponent;
        }
        return finite;
    }
}
