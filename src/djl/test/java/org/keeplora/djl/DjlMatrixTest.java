package org.keeplora.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;

final class DjlMatrixTest {
    @Test
    void arrayAndMatrixAreOneMemoryBothWays() {
        try (NDManager manager = NDManager.newBaseManager();
                NDArray array = manager.create(new float[][] {{1, 2, 3}, {4, 5, 6}});
                Matrix onArray = DjlMatrix.view(array);
                Matrix matrix = Matrix.zeros(2, 2, ElementType.F32);
                NDArray onMatrix = DjlMatrix.view(matrix, manager)) {
            onArray.set(1, 0, 7);
            assertEquals(7, array.getFloat(1, 0));
            onMatrix.addi(3);
            assertEquals(3, matrix.get(0, 1));
        }
    }
}
