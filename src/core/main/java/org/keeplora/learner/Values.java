package org.keeplora.learner;

import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Place;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Require;
import org.keeplora.engine.internal.ResourceScope;

/**
 * An array of the caller, read as a matrix: a weight or a gradient [in x out], or inputs [n x in]. Float32, float64 or
 * half precision, on the heap, native, or a {@link Matrix}. It is row-major without gaps, unless {@link #transposed} or
 * {@link #strided} says otherwise.
 *
 * <p>Nothing is copied before it is needed, and native memory not at all if it has the wanted layout. The array must
 * not change until the call that takes it returns.
 */
public final class Values {
    private final ArrayMemory memory;
    private final Order order;
    private final long offset;
    /** Elements from the start of one row, or column, to the next; {@link #NO_GAPS} for its length. */
    private final long stride;

    private static final long NO_GAPS = 0;

    /** What neighbouring elements are. */
    private enum Order {
        /** Neighbours in a row. */
        BY_ROW,
        /** Neighbours in a column. */
        BY_COLUMN
    }

    private Values(ArrayMemory memory, Order order, long offset, long stride) {
        this.memory = memory;
        this.order = order;
        this.offset = offset;
        this.stride = stride;
    }

    private static Values rowMajor(ArrayMemory memory) {
        return new Values(memory, Order.BY_ROW, 0, NO_GAPS);
    }

    /** A float32 array. */
    public static Values of(float[] values) {
        return rowMajor(new ArrayMemory.Floats(values, 0, values.length));
    }

    /** A float64 array. */
    public static Values of(double[] values) {
        return rowMajor(new ArrayMemory.Doubles(values, 0, values.length));
    }

    /** Float32 rows of equal length. */
    public static Values of(float[][] rows) {
        return rowMajor(ArrayMemory.FloatRows.of(rows));
    }

    /** A buffer from its position to its limit, on the heap or direct. */
    public static Values of(FloatBuffer values) {
        int length = values.remaining();
        if (values.hasArray()) {
            return rowMajor(new ArrayMemory.Floats(values.array(), values.arrayOffset() + values.position(), length));
        }
        requireDirect(values.isDirect(), values.order());
        return rowMajor(new ArrayMemory.Native(
                new FloatPointer(values.slice()), length, ElementType.F32, !values.isReadOnly()));
    }

    /** As {@link #of(FloatBuffer)}. */
    public static Values of(DoubleBuffer values) {
        int length = values.remaining();
        if (values.hasArray()) {
            return rowMajor(new ArrayMemory.Doubles(values.array(), values.arrayOffset() + values.position(), length));
        }
        requireDirect(values.isDirect(), values.order());
        return rowMajor(new ArrayMemory.Native(
                new DoublePointer(values.slice()), length, ElementType.F64, !values.isReadOnly()));
    }

    /**
     * A direct buffer of half-precision numbers.
     *
     * @param type {@link ElementType#F16} or {@link ElementType#BF16}
     */
    public static Values of(ShortBuffer values, ElementType type) {
        requireHalf(type);
        requireDirect(values.isDirect(), values.order());
        return rowMajor(new ArrayMemory.Native(new ShortPointer(values.slice()), values.remaining(), type, false));
    }

    private static void requireDirect(boolean direct, ByteOrder order) {
        Require.that(
                direct && order == ByteOrder.nativeOrder(),
                "Values.of: the buffer is read-only on the heap, half precision on the heap, or of another byte order"
                        + " than the machine; give an array, or a direct buffer of ByteOrder.nativeOrder()");
    }

    private static void requireHalf(ElementType type) {
        Require.that(type.isHalf(), "Values.of: type is %s; elements of two bytes are F16 or BF16", type);
    }

    /** Native memory on the host, from the pointer's position to its limit. */
    public static Values of(FloatPointer values) {
        return ofPointer(values, ElementType.F32);
    }

    /** As {@link #of(FloatPointer)}. */
    public static Values of(DoublePointer values) {
        return ofPointer(values, ElementType.F64);
    }

    /**
     * As {@link #of(FloatPointer)}, of half-precision numbers.
     *
     * @param type {@link ElementType#F16} or {@link ElementType#BF16}
     */
    public static Values of(ShortPointer values, ElementType type) {
        requireHalf(type);
        return ofPointer(values, type);
    }

    private static Values ofPointer(Pointer values, ElementType type) {
        return rowMajor(ArrayMemory.Native.of(values, type));
    }

    /** A matrix on the host, or where the learner computes. */
    public static Values of(Matrix matrix) {
        return rowMajor(new ArrayMemory.OfMatrix(matrix));
    }

    /** The same array, stored [cols x rows]: PyTorch's Linear keeps its weight [in x out] as [out x in]. */
    public Values transposed() {
        requirePlain("transposed");
        return new Values(memory, Order.BY_COLUMN, 0, NO_GAPS);
    }

    /**
     * The same array, with element (i, j) at {@code offset + i·rowStride + j·columnStride}. The key part of PyTorch's
     * packed query, key and value [3·out x in] is {@code strided(out * in, 1, in)}.
     *
     * @param rowStride 1, if {@code columnStride} is not
     */
    public Values strided(long offset, long rowStride, long columnStride) {
        requirePlain("strided");
        Require.that(
                offset >= 0
                        && offset <= memory.length()
                        && Math.min(rowStride, columnStride) == 1
                        && Math.max(rowStride, columnStride) <= Math.max(1, memory.length()),
                "Values.strided: offset %d, strides %d and %d; the array holds %d elements, and one of the strides must"
                        + " be 1",
                offset,
                rowStride,
                columnStride,
                memory.length());
        return columnStride == 1
                ? new Values(memory, Order.BY_ROW, offset, rowStride)
                : new Values(memory, Order.BY_COLUMN, offset, columnStride);
    }

    private void requirePlain(String operation) {
        Require.that(
                order == Order.BY_ROW && stride == NO_GAPS,
                "Values.%s: the array is transposed or strided already",
                operation);
    }

    /** Number of rows of {@code cols} elements in the array. */
    int rows(int cols) {
        if (order == Order.BY_COLUMN) {
            return Math.toIntExact(
                    stride != NO_GAPS ? stride : memory.columns() != 0 ? memory.columns() : memory.length() / cols);
        }
        if (stride == NO_GAPS) {
            return Math.toIntExact(memory.length() / cols);
        }
        long behindFirst = memory.length() - offset - cols;
        Require.that(
                behindFirst >= 0 && behindFirst % stride <= stride - cols,
                "the array holds %d elements; its rows of %d with offset %d and stride %d do not end with it",
                memory.length(),
                cols,
                offset,
                stride);
        return Math.toIntExact(behindFirst / stride + 1);
    }

    /** The matrix [rows x cols] in float32 where {@code linalg} computes; {@code scope} closes it. */
    Matrix floats(BatchLinalg linalg, int rows, int cols, ResourceScope scope) {
        Matrix stored = inPlace(linalg, rows, cols, scope);
        Matrix floats = stored.type() == ElementType.F32 ? stored : scope.keep(linalg.convert(stored, ElementType.F32));
        return order == Order.BY_ROW ? floats : scope.keep(linalg.transpose(floats));
    }

    /** As {@link #floats}, in the array's own type if it is stored row by row. */
    Matrix samples(BatchLinalg linalg, int rows, int cols, ResourceScope scope) {
        return order == Order.BY_ROW ? inPlace(linalg, rows, cols, scope) : floats(linalg, rows, cols, scope);
    }

    /** The rows, or the columns, one below the other, in the array's own type. */
    private Matrix inPlace(BatchLinalg linalg, int rows, int cols, ResourceScope scope) {
        Runs runs = runs(rows, cols);
        if (runs.haveNoGaps() && memory instanceof ArrayMemory.OfMatrix of) {
            return of.matrix().stream().equals(linalg.stream()) ? of.matrix() : scope.keep(linalg.copyOf(of.matrix()));
        }
        Matrix host = scope.keep(
                runs.haveNoGaps() && memory instanceof ArrayMemory.Native shared
                        ? shared.matrix(runs.first(), runs.count(), runs.length())
                        : runs.gathered(memory));
        return linalg.place() == Place.HOST ? host : scope.keep(linalg.copyOf(host));
    }

    /** array ← array + {@code delta} [rows x cols], float32 where {@code linalg} computes, in the array's precision. */
    void add(BatchLinalg linalg, Matrix delta) {
        Require.that(memory.isWritable(), "the array is read-only or of half precision; give float32 or float64");
        Runs runs = runs(delta.rows(), delta.cols());
        try (ResourceScope scope = new ResourceScope()) {
            Matrix ordered = order == Order.BY_ROW ? delta : scope.keep(linalg.transpose(delta));
            Matrix term = scope.keep(linalg.convert(ordered, memory.type()));
            Matrix stored = inPlace(linalg, delta.rows(), delta.cols(), scope);
            linalg.norms(List.of(stored, term)); // refuses what is not finite before anything is written
            linalg.add(List.of(new Addition(stored, 1, term)));
            if (!isShared(linalg, runs)) {
                runs.scatter(scope.keep(stored.toHost()), memory);
            }
        }
    }

    /** Whether {@link #inPlace} gives the array's own memory. */
    private boolean isShared(BatchLinalg linalg, Runs runs) {
        return runs.haveNoGaps()
                && (memory instanceof ArrayMemory.OfMatrix of
                                && of.matrix().stream().equals(linalg.stream())
                        || memory instanceof ArrayMemory.Native && linalg.place() == Place.HOST);
    }

    private Runs runs(int rows, int cols) {
        int count = order == Order.BY_ROW ? rows : cols;
        int length = order == Order.BY_ROW ? cols : rows;
        Require.that(
                stride != NO_GAPS || memory.columns() == 0 || memory.columns() == length,
                "the array is [%d x %d]; [%d x %d] is needed%s",
                memory.length() / Math.max(1, memory.columns()),
                memory.columns(),
                count,
                length,
                order == Order.BY_ROW ? ", or transposed() if it is stored so" : ", as it is stored transposed");
        Runs runs = new Runs(offset, count, length, stride == NO_GAPS ? length : stride);
        boolean fits = runs.stride() * (double) count <= 2.0 * memory.length() + runs.stride()
                && (stride == NO_GAPS ? runs.end() == memory.length() : runs.end() <= memory.length());
        Require.that(
                fits && (runs.stride() >= length || count <= 1),
                "the array holds %d elements; [%d x %d]%s needs %d",
                memory.length(),
                rows,
                cols,
                stride == NO_GAPS ? "" : " with offset " + offset + " and stride " + stride,
                runs.end());
        return runs;
    }
}
