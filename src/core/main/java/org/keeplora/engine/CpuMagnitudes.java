package org.keeplora.engine;

import static org.bytedeco.openblas.global.openblas.cblas_dasum;
import static org.bytedeco.openblas.global.openblas.cblas_ddot;
import static org.bytedeco.openblas.global.openblas.cblas_dnrm2;
import static org.bytedeco.openblas.global.openblas.cblas_dsdot;
import static org.bytedeco.openblas.global.openblas.cblas_idamax;
import static org.bytedeco.openblas.global.openblas.cblas_isamax;
import static org.bytedeco.openblas.global.openblas.cblas_sasum;
import static org.bytedeco.openblas.global.openblas.cblas_snrm2;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.bytedeco.javacpp.indexer.Indexer;
import org.keeplora.engine.OperandCheck.Values;

/** Norms and magnitudes on the host, for numbers of any size that are finite. */
final class CpuMagnitudes {
    /** Norms up to here, and from its reciprocal on, neither overflow nor lose digits in OpenBLAS. */
    private static final double SAFE_F32 = 1e15;

    private static final double SAFE_F64 = 1e150;
    /** Side of the square blocks of a matrix that are compared with their mirror image: two fit a core's cache. */
    private static final int BLOCK = 32;

    /** Number of elements of one part: 256 KB of float32, which stay in a core's second cache. */
    private static final int PART = 1 << 16;
    /** Fewer parts are read sooner by the caller alone. */
    private static final int PARTS_WORTH_HANDING_OVER = 4;

    private CpuMagnitudes() {}

    /** Index of the first operand with an element that is NaN or beyond its limit, or the size of the list. */
    static int firstBeyond(List<Values> operands, CpuWorkers workers) {
        int index = 0;
        while (index < operands.size() && isWithin(operands.get(index), workers)) {
            index++;
        }
        return index;
    }

    private static boolean isWithin(Values operand, CpuWorkers workers) {
        AtomicBoolean within = new AtomicBoolean(true);
        inParts(operand.matrix(), workers, (part, first, count) -> {
            if (!within(operand, first, count)) {
                within.set(false);
            }
        });
        return within.get();
    }

    /** Elements of one part of a matrix, which has a number. */
    private interface Part {
        void read(int part, long first, int count);
    }

    /** Reads a matrix part by part, on several threads if it is large. */
    private static void inParts(Matrix matrix, CpuWorkers workers, Part reader) {
        long elements = matrix.elements();
        int parts = parts(matrix);
        IntConsumer part = i -> {
            long first = (long) i * PART;
            reader.read(i, first, (int) Math.min(PART, elements - first));
        };
        if (parts >= PARTS_WORTH_HANDING_OVER) {
            workers.run(parts, part);
        } else {
            for (int i = 0; i < parts; i++) {
                part.accept(i);
            }
        }
    }

    private static int parts(Matrix matrix) {
        return Math.toIntExact((matrix.elements() + PART - 1) / PART);
    }

    /**
     * The norm to six digits, in half the time of {@link #norm} or less. The parts do not depend on the number of
     * threads.
     */
    static double roughNorm(Matrix matrix, CpuWorkers workers) {
        double[] squares = new double[parts(matrix)];
        inParts(matrix, workers, (part, first, count) -> squares[part] = squares(matrix, first, count));
        double norm = Math.sqrt(Arrays.stream(squares).sum());
        return isSafe(norm, matrix) ? norm : norm(matrix);
    }

    private static double squares(Matrix matrix, long first, int count) {
        if (matrix.type() == ElementType.F32) {
            FloatPointer part = matrix.floats().getPointer(first);
            return cblas_dsdot(count, part, 1, part, 1);
        }
        DoublePointer part = matrix.doubles().getPointer(first);
        return cblas_ddot(count, part, 1, part, 1);
    }

    /**
     * Whether {@code count} elements from {@code first} on are finite and of a magnitude up to the limit. They are if
     * the sum of magnitudes is; only otherwise every element is looked at.
     */
    private static boolean within(Values operand, long first, int count) {
        Matrix matrix = operand.matrix();
        if (matrix.type().isHalf()) {
            return CpuHalves.areFinite(matrix, first, count);
        }
        if (matrix.type() == ElementType.F32) {
            FloatPointer part = matrix.floats().getPointer(first);
            return cblas_sasum(count, part, 1) <= operand.limit()
                    || allWithin(operand.limit(), FloatIndexer.create(part.limit(count)));
        }
        DoublePointer part = matrix.doubles().getPointer(first);
        return cblas_dasum(count, part, 1) <= operand.limit()
                || allWithin(operand.limit(), DoubleIndexer.create(part.limit(count)));
    }

    private static boolean allWithin(double limit, Indexer values) {
        boolean within = true;
        for (long i = 0; i < values.size(0); i++) {
            within &= Math.abs(values.getDouble(i)) <= limit;
        }
        return within;
    }

    static double norm(Matrix matrix) {
        int elements = Math.toIntExact(matrix.elements());
        boolean single = matrix.type() == ElementType.F32;
        double norm = single ? cblas_snrm2(elements, matrix.floats(), 1) : cblas_dnrm2(elements, matrix.doubles(), 1);
        return isSafe(norm, matrix) ? norm : scaledNorm(matrix);
    }

    private static boolean isSafe(double norm, Matrix matrix) {
        double safe = matrix.type() == ElementType.F32 ? SAFE_F32 : SAFE_F64;
        return norm >= 1 / safe && norm <= safe;
    }

    /** The norm of the elements divided by the largest one, a power of two, multiplied by it again. */
    private static double scaledNorm(Matrix matrix) {
        double largest = largest(matrix);
        if (largest == 0) {
            return 0;
        }
        int exponent = Math.getExponent(largest);
        double squares = 0;
        if (matrix.type() == ElementType.F32) {
            FloatIndexer values = FloatIndexer.create(matrix.floats());
            for (long i = 0; i < matrix.elements(); i++) {
                double scaled = Math.scalb((double) values.get(i), -exponent);
                squares += scaled * scaled;
            }
        } else {
            DoubleIndexer values = DoubleIndexer.create(matrix.doubles());
            for (long i = 0; i < matrix.elements(); i++) {
                double scaled = Math.scalb(values.get(i), -exponent);
                squares += scaled * scaled;
            }
        }
        return Math.scalb(Math.sqrt(squares), exponent);
    }

    static double largest(Matrix matrix) {
        int elements = Math.toIntExact(matrix.elements());
        if (elements == 0) {
            return 0;
        }
        return Math.abs(
                matrix.type() == ElementType.F32
                        ? matrix.floats().get(cblas_isamax(elements, matrix.floats(), 1))
                        : matrix.doubles().get(cblas_idamax(elements, matrix.doubles(), 1)));
    }

    /** The sum of the diagonal of a float64 square matrix. */
    static double trace(Matrix square) {
        DoubleIndexer values = DoubleIndexer.create(square.doubles());
        long step = square.cols() + 1L;
        return LongStream.range(0, square.rows())
                .mapToDouble(i -> values.get(i * step))
                .sum();
    }

    /** Largest |m − mᵀ| of an element of a square matrix. */
    static double asymmetry(Matrix square) {
        int n = square.rows();
        double largest = 0;
        for (int top = 0; top < n; top += BLOCK) {
            for (int left = 0; left <= top; left += BLOCK) {
                largest = Math.max(largest, asymmetry(square, top, left));
            }
        }
        return largest;
    }

    /** That of one block, whose rows begin at {@code top} and whose columns begin at {@code left}. */
    private static double asymmetry(Matrix square, int top, int left) {
        long n = square.rows();
        boolean single = square.type() == ElementType.F32;
        FloatIndexer floats = single ? FloatIndexer.create(square.floats()) : null;
        DoubleIndexer doubles = single ? null : DoubleIndexer.create(square.doubles());
        double largest = 0;
        for (long row = top; row < Math.min(n, top + BLOCK); row++) {
            for (long col = left; col < Math.min(row, left + BLOCK); col++) {
                double difference = single
                        ? (double) floats.get(row * n + col) - floats.get(col * n + row)
                        : doubles.get(row * n + col) - doubles.get(col * n + row);
                largest = Math.max(largest, Math.abs(difference));
            }
        }
        return largest;
    }
}
