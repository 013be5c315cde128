package org.keeplora.data;

import java.nio.ByteBuffer;
import java.util.List;

/** A numpy array of unsigned bytes in the making: a pickle names it first and gives its content later. */
final class PickledArray {
    /** The element type of such an array. */
    enum ElementType {
        UNSIGNED_BYTE
    }

    private ByteBuffer values = ByteBuffer.allocate(0);
    private int columns = 1;
    private boolean columnMajor;

    /** @param shape sizes, slowest first, whose product is the number of bytes in {@code content} */
    void fill(List<Integer> shape, boolean columnMajor, ByteBuffer content) {
        this.columns = shape.get(shape.size() - 1);
        this.columnMajor = columnMajor;
        this.values = content;
    }

    /** A new row-major copy. */
    byte[] bytes() {
        byte[] stored = new byte[values.remaining()];
        values.duplicate().get(stored);
        if (!columnMajor || stored.length == 0) {
            return stored;
        }
        int rows = stored.length / columns;
        byte[] bytes = new byte[stored.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                bytes[row * columns + column] = stored[column * rows + row];
            }
        }
        return bytes;
    }
}
