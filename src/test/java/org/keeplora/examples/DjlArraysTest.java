package org.keeplora.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;

/** Runs in a JVM of its own: DJL brings its own libtorch, and one process holds only one library of that name. */
final class DjlArraysTest extends TwoTasksContract {
    @Override
    Learner open(float[][] first, float[][] second) {
        return new DjlArrays(first, second);
    }

    @Test
    void arrayAndMatrixAreOneMemoryBothWays() {
        try (NDManager manager = NDManager.newBaseManager();
                NDArray array = manager.create(new float[][] {{1, 2, 3}, {4, 5, 6}});
                Matrix onArray = DjlArrays.view(array);
                Matrix matrix = Matrix.zeros(2, 2, ElementType.F32);
                NDArray onMatrix = DjlArrays.view(matrix, manager)) {
            onArray.set(1, 0, 7);
            assertEquals(7, array.getFloat(1, 0));
            onMatrix.addi(3);
            assertEquals(3, matrix.get(0, 1));
        }
    }
}
