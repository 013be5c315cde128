package org.keeplora.learner;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Place;
import org.keeplora.engine.internal.Require;

/** The caller's memory behind {@link Values}, counted in elements. */
sealed interface ArrayMemory {
    ElementType type();

    long length();

    /** Length of a row; 0 for an array without a shape. */
    default int columns() {
        return 0;
    }

    /** Whether {@link #write} is possible. */
    default boolean isWritable() {
        return !type().isHalf();
    }

    /** {@code target}, from its position on, ← {@code count} elements from {@code first} on. */
    void read(long first, Pointer target, int count);

    /** {@code count} elements from {@code first} on ← {@code source}, from its position on. */
    void write(long first, Pointer source, int count);

    /** A float32 array on the heap. */
    record Floats(float[] array, int offset, long length) implements ArrayMemory {
        @Override
        public ElementType type() {
            return ElementType.F32;
        }

        @Override
        public void read(long first, Pointer target, int count) {
            ((FloatPointer) target).put(array, offset + (int) first, count);
        }

        @Override
        public void write(long first, Pointer source, int count) {
            ((FloatPointer) source).get(array, offset + (int) first, count);
        }
    }

    /** A float64 array on the heap. */
    record Doubles(double[] array, int offset, long length) implements ArrayMemory {
        @Override
        public ElementType type() {
            return ElementType.F64;
        }

        @Override
        public void read(long first, Pointer target, int count) {
            ((DoublePointer) target).put(array, offset + (int) first, count);
        }

        @Override
        public void write(long first, Pointer source, int count) {
            ((DoublePointer) source).get(array, offset + (int) first, count);
        }
    }

    /** Float32 rows of equal length on the heap. */
    record FloatRows(float[][] rows, int columns) implements ArrayMemory {
        static FloatRows of(float[][] rows) {
            int columns = rows.length == 0 ? 0 : rows[0].length;
            for (int row = 0; row < rows.length; row++) {
                Require.that(
                        rows[row].length == columns,
                        "Values.of: row %d has %d elements but row 0 has %d",
                        row,
                        rows[row].length,
                        columns);
            }
            return new FloatRows(rows, columns);
        }

        @Override
        public ElementType type() {
            return ElementType.F32;
        }

        @Override
        public long length() {
            return (long) rows.length * columns;
        }

        @Override
        public void read(long first, Pointer target, int count) {
            eachRow(first, target, count, (FloatPointer at, float[] row, int from, int n) -> at.put(row, from, n));
        }

        @Override
        public void write(long first, Pointer source, int count) {
            eachRow(first, source, count, (FloatPointer at, float[] row, int from, int n) -> at.get(row, from, n));
        }

        private interface RowCopy {
            void run(FloatPointer at, float[] row, int from, int count);
        }

        private void eachRow(long first, Pointer pointer, int count, RowCopy copy) {
            FloatPointer at = (FloatPointer) pointer;
            long start = at.position();
            for (int done = 0; done < count; ) {
                int from = (int) ((first + done) % columns);
                int n = Math.min(columns - from, count - done);
                copy.run(at.position(start + done), rows[(int) ((first + done) / columns)], from, n);
                done += n;
            }
            at.position(start);
        }
    }

    /** Native memory on the host, from the position of {@code start} on. */
    record Native(Pointer start, long length, ElementType type, boolean isWritable) implements ArrayMemory {
        static Native of(Pointer values, ElementType type) {
            Require.that(!values.isNull(), "Values.of: the pointer is null");
            return new Native(values, values.limit() - values.position(), type, !type.isHalf());
        }

        @Override
        public void read(long first, Pointer target, int count) {
            Pointer.memcpy(bytes(target, 0), bytes(start, first), (long) count * type.bytes());
        }

        @Override
        public void write(long first, Pointer source, int count) {
            Pointer.memcpy(bytes(start, first), bytes(source, 0), (long) count * type.bytes());
        }

        /** JavaCPP counts a position in elements of the pointer's own type. */
        private BytePointer bytes(Pointer pointer, long element) {
            return new BytePointer(pointer).position((pointer.position() + element) * type.bytes());
        }

        /** The memory itself as a matrix. */
        Matrix matrix(long first, int rows, int cols) {
            return switch (type) {
                case F32 -> Matrix.wrap(rows, cols, from(first, new FloatPointer(start)));
                case F64 -> Matrix.wrap(rows, cols, from(first, new DoublePointer(start)));
                case F16, BF16 -> Matrix.wrap(rows, cols, from(first, new ShortPointer(start)), type);
            };
        }

        private <P extends Pointer> P from(long first, P pointer) {
            long position = pointer.position();
            pointer.limit(position + length).position(position + first);
            return pointer;
        }
    }

    /** A matrix, on the host or on the device. One on the device is read and written as a whole only. */
    record OfMatrix(Matrix matrix) implements ArrayMemory {
        @Override
        public ElementType type() {
            return matrix.type();
        }

        @Override
        public long length() {
            return (long) matrix.rows() * matrix.cols();
        }

        @Override
        public int columns() {
            return matrix.cols();
        }

        @Override
        public void read(long first, Pointer target, int count) {
            onHost().read(first, target, count);
        }

        @Override
        public void write(long first, Pointer source, int count) {
            onHost().write(first, source, count);
        }

        private Native onHost() {
            Require.that(
                    matrix.place() == Place.HOST,
                    "matrix %s lies on the device; it has no strides there, and is not transposed",
                    matrix);
            return new Native(pointer(matrix), length(), type(), isWritable());
        }
    }

    /** A pointer of its own to the elements of a matrix on the host. */
    static Pointer pointer(Matrix matrix) {
        return switch (matrix.type()) {
            case F32 -> new FloatPointer(matrix.floats());
            case F64 -> new DoublePointer(matrix.doubles());
            case F16, BF16 -> new ShortPointer(matrix.halves());
        };
    }
}
