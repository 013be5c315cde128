package org.keeplora.learner;

import org.bytedeco.javacpp.Pointer;
import org.keeplora.engine.Matrix;

/**
 * Equal runs of neighbouring elements.
 *
 * @param first element of the first run
 * @param stride elements from the start of one run to the start of the next
 */
record Runs(long first, int count, int length, long stride) {
    boolean haveNoGaps() {
        return stride == length || count <= 1;
    }

    /** One after the last element. */
    long end() {
        return count == 0 || length == 0 ? 0 : first + (count - 1) * stride + length;
    }

    /** A copy [count x length] on the host. */
    Matrix gathered(ArrayMemory memory) {
        Matrix matrix = Matrix.zeros(count, length, memory.type());
        Pointer at = ArrayMemory.pointer(matrix);
        for (int run = 0; run < count; run++) {
            memory.read(first + run * stride, at.position((long) run * length), length);
        }
        return matrix;
    }

    /** Copies the rows of {@code matrix} into the runs. */
    void scatter(Matrix matrix, ArrayMemory memory) {
        Pointer at = ArrayMemory.pointer(matrix);
        for (int run = 0; run < count; run++) {
            memory.write(first + run * stride, at.position((long) run * length), length);
        }
    }
}
