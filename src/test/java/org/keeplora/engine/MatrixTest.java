package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;

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
