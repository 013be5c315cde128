package org.keeplora.data;

import java.nio.ByteBuffer;

/** A numpy array of unsigned bytes, row-major, in the making: a pickle names it first and gives its content later. */
final class PickledArray {
    /** The element type of such an array. */
    enum ElementType {
        UNSIGNED_BYTE
    }

    private ByteBuffer values = ByteBuffer.allocate(0);

    /** A view; its position and limit are not to be changed. */
    ByteBuffer values() {
        return values;
    }

    void fill(ByteBuffer content) {
        values = content;
    }
}
