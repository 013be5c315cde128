package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.ShortPointer;
import org.junit.jupiter.api.Test;
import org.keeplora.engine.internal.BatchLinalg;

final class MatrixTest {
    @Test
    void sharesAPointerAndADirectBufferButNotTheHeap() {
        FloatBuffer direct =
                ByteBuffer.allocateDirect(32).order(ByteOrder.nativeOrder()).asFloatBuffer();
        direct.position(2);
        float[] heap = {1, 2, 3, 4};
        try (FloatPointer pointer = new FloatPointer(4);
                Matrix overPointer = Matrix.wrap(2, 2, pointer);
                Matrix overBuffer = Matrix.wrap(2, 3, direct);
                Matrix copy = Matrix.copyOf(2, 2, heap)) {
            overPointer.set(1, 1, 7);
            overBuffer.set(0, 0, 8);
            heap[0] = 9;
            assertEquals(7, pointer.get(3));
            assertEquals(8, direct.get(2));
            assertEquals(1, copy.get(0, 0));
        }
        assertThrows(IllegalArgumentException.class, () -> Matrix.wrap(1, 1, FloatBuffer.allocate(1)));
        assertThrows(ShapeMismatch.class, () -> Matrix.wrap(2, 4, direct));
    }

    @Test
    void everyCopyBeginsAtThePointersPosition() {
        try (FloatPointer all = new FloatPointer(9, 9, 1, 2, 3, 4, 9);
                BatchLinalg linalg = BatchLinalg.open(BackendChoice.CPU, 1);
                Matrix wrapped = linalg.wrap(2, 2, all.position(2).limit(6));
                Matrix host = wrapped.toHost();
                Matrix copy = linalg.copyOf(wrapped);
                Matrix wide = linalg.convert(wrapped, ElementType.F64);
                Matrix column = linalg.columns(wrapped, 1, 1)) {
            for (Matrix same : List.of(wrapped, host, copy, wide)) {
                assertArrayEquals(new float[] {1, 2, 3, 4}, same.toFloats());
            }
            assertArrayEquals(new float[] {2, 4}, column.toFloats());
            assertThrows(ShapeMismatch.class, () -> Matrix.wrap(5, 1, all));
        }
    }

    @Test
    void refusesABufferOfForeignByteOrder() {
        ByteOrder foreign =
                ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        FloatBuffer swapped =
                ByteBuffer.allocateDirect(4 * Float.BYTES).order(foreign).asFloatBuffer();
        String message = assertThrows(IllegalArgumentException.class, () -> Matrix.wrap(2, 2, swapped))
                .getMessage();
        assertTrue(message.contains("order(ByteOrder.nativeOrder())"), message);
    }

    @Test
    void copiesRowsInAndOut() {
        float[][] rows = {{1, 2, 3}, {4, 5, 6}};
        try (Matrix matrix = Matrix.copyOf(rows);
                Matrix wide = Matrix.copyOf(2, 1, new double[] {0.1, 2});
                Matrix nothing = Matrix.copyOf(new float[0][])) {
            assertEquals("[2 x 3] F32", matrix.toString());
            assertEquals(6, matrix.get(1, 2));
            rows[1][2] = 7;
            assertArrayEquals(new float[][] {{1, 2, 3}, {4, 5, 6}}, matrix.toRows());
            assertArrayEquals(new float[][] {{0.1f}, {2}}, wide.toRows());
            assertArrayEquals(new float[0][], nothing.toRows());
        }
        String message = assertThrows(ShapeMismatch.class, () -> Matrix.copyOf(new float[][] {{1, 2}, {3}}))
                .getMessage();
        assertTrue(message.contains("row 1 has 1 elements but row 0 has 2"), message);
    }

    @Test
    void outlivesAPointerScopeAndCountsUntilClosed() {
        long before = Matrix.open();
        Matrix matrix;
        try (PointerScope scope = new PointerScope()) {
            matrix = Matrix.copyOf(1, 2, new float[] {1, 2});
        }
        assertArrayEquals(new float[] {1, 2}, matrix.toFloats());
        assertEquals(before + 1, Matrix.open());
        matrix.close();
        matrix.close();
        assertEquals(before, Matrix.open());
        assertThrows(IllegalStateException.class, matrix::toFloats);
    }

    @Test
    void copiesEveryTypeToTheHeap() {
        double[] values = {1, -2.5, 0x1p-14};
        try (Matrix wide = Matrix.copyOf(3, 1, values);
                ShortPointer halves = new ShortPointer((short) 0x3c00, (short) 0xc100, (short) 0x0400);
                Matrix half = Matrix.wrap(3, 1, halves, ElementType.F16)) {
            assertArrayEquals(new float[] {1, -2.5f, 0x1p-14f}, wide.toFloats());
            assertArrayEquals(new float[] {1, -2.5f, 0x1p-14f}, half.toFloats());
            assertArrayEquals(values, half.toDoubles());
        }
        try (Matrix beyondFloat = Matrix.copyOf(1, 2, new double[] {1e300, 1.0 + 0x1p-25})) {
            assertArrayEquals(new float[] {Float.POSITIVE_INFINITY, 1}, beyondFloat.toFloats());
        }
    }

    @Test
    void reportsWhatIsOutOfPlace() {
        try (Matrix matrix = Matrix.zeros(2, 3, ElementType.F64)) {
            assertEquals("[2 x 3] F64", matrix.toString());
            assertThrows(IndexOutOfBoundsException.class, () -> matrix.get(2, 0));
            assertThrows(ShapeMismatch.class, matrix::floats);
        }
        assertThrows(ShapeMismatch.class, () -> Matrix.copyOf(2, 2, new float[3]));
        assertThrows(ShapeMismatch.class, () -> Matrix.zeros(-1, 2, ElementType.F32));
    }
}
