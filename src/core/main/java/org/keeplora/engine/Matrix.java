package org.keeplora.engine;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.keeplora.engine.internal.Require;
import org.keeplora.engine.internal.ResourceScope;

/**
 * A rows x cols matrix, row-major and contiguous, of float32, float64 or half-precision samples, in host memory or on a
 * device.
 *
 * <p>{@code wrap} shares the caller's native memory, which must outlive the matrix. {@code copyOf} copies, because
 * native code gets no address of a heap array from the JVM. Whoever creates a matrix closes it: its memory is not freed
 * otherwise. Closing twice is harmless; use after close is an {@link IllegalStateException}. Several threads may read a
 * matrix, but none may use it while another writes or closes it.
 */
public final class Matrix implements AutoCloseable {
    private static final AtomicLong OPEN = new AtomicLong();

    private final int rows;
    private final int cols;
    private final ElementType type;
    private final Storage storage;
    private boolean closed;

    /** A matrix that releases {@code storage} when it is closed. */
    Matrix(int rows, int cols, ElementType type, Storage storage) {
        this.rows = rows;
        this.cols = cols;
        this.type = type;
        this.storage = storage;
        OPEN.incrementAndGet();
    }

    /** A matrix of zeros in host memory of its own; {@link Linalg#zeros} makes one where a backend computes. */
    public static Matrix zeros(int rows, int cols, ElementType type) {
        return uninitialized(rows, cols, type).cleared();
    }

    /** Fills this matrix with zeros and returns it; closes it if that fails. */
    Matrix cleared() {
        return closedOnFailure(() -> storage.clear(bytes()));
    }

    /** As {@link #zeros}, but not initialised: for results whose every element is written. */
    static Matrix uninitialized(int rows, int cols, ElementType type) {
        Check.size("Matrix", rows, cols, type);
        return new Matrix(rows, cols, type, HostStorage.allocate((long) rows * cols, type));
    }

    /** A copy of {@code values} [rows x cols], row-major. */
    public static Matrix copyOf(int rows, int cols, float[] values) {
        Objects.requireNonNull(values, "Matrix.copyOf: values are null");
        Check.length("Matrix.copyOf", rows, cols, values.length);
        Matrix matrix = uninitialized(rows, cols, ElementType.F32);
        matrix.floats().put(values);
        return matrix;
    }

    /** A copy of {@code values} [rows x cols], row-major. */
    public static Matrix copyOf(int rows, int cols, double[] values) {
        Objects.requireNonNull(values, "Matrix.copyOf: values are null");
        Check.length("Matrix.copyOf", rows, cols, values.length);
        Matrix matrix = uninitialized(rows, cols, ElementType.F64);
        matrix.doubles().put(values);
        return matrix;
    }

    /** A float32 copy of rows of equal length. */
    public static Matrix copyOf(float[][] rows) {
        Check.given("Matrix.copyOf", "rows", rows);
        int cols = rows.length == 0 ? 0 : rows[0].length;
        float[] values = new float[Math.multiplyExact(rows.length, cols)];
        for (int row = 0; row < rows.length; row++) {
            int length = rows[row].length;
            Check.shapes(length == cols, "Matrix.copyOf: row %d has %d elements but row 0 has %d", row, length, cols);
            System.arraycopy(rows[row], 0, values, row * cols, cols);
        }
        return copyOf(rows.length, cols, values);
    }

    /** The caller's memory as a matrix; nothing is copied. */
    public static Matrix wrap(int rows, int cols, FloatPointer values) {
        return wrap(rows, cols, ElementType.F32, values);
    }

    /** The caller's memory as a matrix; nothing is copied. */
    public static Matrix wrap(int rows, int cols, DoublePointer values) {
        return wrap(rows, cols, ElementType.F64, values);
    }

    /**
     * The caller's half-precision samples as a matrix; nothing is copied.
     *
     * @param type {@link ElementType#F16} or {@link ElementType#BF16}
     */
    public static Matrix wrap(int rows, int cols, ShortPointer values, ElementType type) {
        Check.half(type);
        return wrap(rows, cols, type, values);
    }

    private static Matrix wrap(int rows, int cols, ElementType type, Pointer values) {
        Check.memory("Matrix.wrap", rows, cols, values);
        return new Matrix(rows, cols, type, HostStorage.shared(type.fromPosition(values)));
    }

    /**
     * The caller's buffer, from its position on, as a matrix; nothing is copied.
     *
     * @throws IllegalArgumentException for memory that native code cannot share: on the heap, or with another byte
     *     order than the machine's
     */
    public static Matrix wrap(int rows, int cols, FloatBuffer values) {
        Objects.requireNonNull(values, "Matrix.wrap: the buffer is null");
        Require.that(
                values.isDirect() && values.order() == ByteOrder.nativeOrder(),
                "Matrix.wrap: native code shares neither heap nor foreign byte order; use ByteBuffer.allocateDirect(n)"
                        + ".order(ByteOrder.nativeOrder()).asFloatBuffer(), or Matrix.copyOf");
        Check.length("Matrix.wrap", rows, cols, values.remaining());
        return new Matrix(rows, cols, ElementType.F32, HostStorage.shared(new FloatPointer(values.slice())));
    }

    /** Matrices of this process that were created and not yet closed. */
    public static long open() {
        return OPEN.get();
    }

    /** Bytes of host memory of these matrices, apart from memory of callers. */
    public static long openBytes() {
        return HostStorage.bytes();
    }

    public int rows() {
        return rows;
    }

    public int cols() {
        return cols;
    }

    public ElementType type() {
        return type;
    }

    /** Where the memory lies. */
    public Place place() {
        return storage.place();
    }

    /**
     * Address of the stream in whose order the memory is used, on the first GPU; 0 is CUDA's default stream. Empty for
     * host memory.
     */
    public OptionalLong stream() {
        return storage.stream();
    }

    long elements() {
        return (long) rows * cols;
    }

    long bytes() {
        return elements() * type.bytes();
    }

    /** A copy in host memory; the caller closes it. */
    public Matrix toHost() {
        requireOpen("toHost", "matrix");
        Matrix copy = uninitialized(rows, cols, type);
        return copy.closedOnFailure(() -> storage.read(copy.memory(type), bytes()));
    }

    /** Overwrites this matrix with a host matrix of the same shape and type and returns it; closes it if that fails. */
    Matrix writtenFrom(Matrix host) {
        return closedOnFailure(() -> storage.write(host.memory(type), bytes()));
    }

    private Matrix closedOnFailure(Runnable filling) {
        return ResourceScope.handOver(scope -> {
            scope.keep(this);
            filling.run();
            return this;
        });
    }

    /** The element of a host matrix at {@code row}, {@code col}; for single values, not for loops. */
    public double get(int row, int col) {
        long index = index(row, col);
        return type == ElementType.F32 ? floats().get(index) : doubles().get(index);
    }

    /** Sets an element, rounded to the matrix's type; as {@link #get}. */
    public void set(int row, int col, double value) {
        long index = index(row, col);
        if (type == ElementType.F32) {
            floats().put(index, (float) value);
        } else {
            doubles().put(index, value);
        }
    }

    private long index(int row, int col) {
        if (row < 0 || row >= rows || col < 0 || col >= cols) {
            throw new IndexOutOfBoundsException("element (" + row + ", " + col + ") of matrix " + this);
        }
        if (place() == Place.DEVICE) {
            throw new IllegalStateException(
                    "element of matrix " + this + ": it lies on the device; read a toHost() of it");
        }
        return (long) row * cols + col;
    }

    /** A row-major copy on the heap, rounded to float when the matrix is float64. */
    public float[] toFloats() {
        requireOpen("toFloats", "matrix");
        if (type == ElementType.F32 && place() == Place.HOST) {
            float[] values = new float[Math.toIntExact(elements())];
            floats().get(values);
            return values;
        }
        try (Matrix copy = place() == Place.HOST ? CpuLayout.convert(this, ElementType.F32) : toHost()) {
            return copy.toFloats();
        }
    }

    /** As {@link #toFloats}, row by row. */
    public float[][] toRows() {
        float[] values = toFloats();
        float[][] copies = new float[rows][];
        for (int row = 0; row < rows; row++) {
            copies[row] = Arrays.copyOfRange(values, row * cols, (row + 1) * cols);
        }
        return copies;
    }

    /** A row-major copy on the heap. */
    public double[] toDoubles() {
        requireOpen("toDoubles", "matrix");
        if (type == ElementType.F64 && place() == Place.HOST) {
            double[] values = new double[Math.toIntExact(elements())];
            doubles().get(values);
            return values;
        }
        try (Matrix copy = place() == Place.HOST ? CpuLayout.convert(this, ElementType.F64) : toHost()) {
            return copy.toDoubles();
        }
    }

    /** The memory itself, rows · cols floats; a device address if {@link #place} is the device. Valid until close. */
    public FloatPointer floats() {
        return (FloatPointer) memory(ElementType.F32);
    }

    /** The memory itself, rows · cols doubles; a device address if {@link #place} is the device. Valid until close. */
    public DoublePointer doubles() {
        return (DoublePointer) memory(ElementType.F64);
    }

    /**
     * The memory itself, rows · cols half-precision numbers; a device address if {@link #place} is the device. Valid
     * until close.
     */
    public ShortPointer halves() {
        return (ShortPointer) memory(type.isHalf() ? type : ElementType.F16);
    }

    /** Throws that {@code operation} used this matrix, its operand {@code name}, after it was closed. */
    void requireOpen(String operation, String name) {
        if (closed) {
            throw new IllegalStateException(operation + ": " + name + " " + this + " was used after close");
        }
    }

    private Pointer memory(ElementType wanted) {
        requireOpen("memory", "matrix");
        if (type != wanted) {
            throw new ShapeMismatch("matrix " + this + " was read as " + wanted);
        }
        return storage.address();
    }

    /** {@link #floats} or {@link #doubles}, depending on the type. */
    Pointer address() {
        return memory(type);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            OPEN.decrementAndGet();
            storage.release();
        }
    }

    @Override
    public String toString() {
        return "[" + rows + " x " + cols + "] " + type;
    }
}
