package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.LowRank;
import org.keeplora.engine.internal.LowRankFactors;

/** The CUDA backend with kept memory. */
@Tag("native")
final class CudaPooledLinalgTest extends LinalgContract {
    @Override
    BatchLinalg open() {
        return CudaDevice.openKeepingMemory();
    }

    /**
     * The second batch reuses the memory of the first: its number of driver calls does not grow with the number of
     * problems.
     */
    @Test
    void aSecondBatchAllocatesNothing() {
        EmulatedCuda emulated = EmulatedCuda.open();
        try (BatchLinalg linalg = open()) {
            long few = secondBatch(linalg, emulated, 3);
            assertEquals(few, secondBatch(linalg, emulated, 12));
            assertTrue(few > 0);
        }
    }

    /** Number of calls in the second of two equal batches of low-rank approximations of {@code count} matrices. */
    private static long secondBatch(BatchLinalg linalg, EmulatedCuda emulated, int count) {
        List<Matrix> matrices = new ArrayList<>();
        List<LowRank> batch = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Matrix matrix = linalg.adopt(Reference.matrix(Reference.gaussian(13, 7, 1, 0), 7, ElementType.F32));
            matrices.add(matrix);
            batch.add(LowRank.of(matrix, 2, 4, 2, 0));
        }
        linalg.lowRank(batch).forEach(LowRankFactors::close);
        long before = emulated.calls();
        linalg.lowRank(batch).forEach(LowRankFactors::close);
        long calls = emulated.calls() - before;
        matrices.forEach(Matrix::close);
        return calls;
    }
}
