package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {
    @Test
    void keepsTheShortLastBatch() {
        List<int[]> batches = Batches.inOrder(7, 3);

        assertEquals(3, batches.size());
        assertArrayEquals(new int[] {0, 1, 2}, batches.get(0));
        assertArrayEquals(new int[] {6}, batches.get(2));
    }

    @Test
    void coversEverythingOnce() {
        assertArrayEquals(IntStream.range(0, 101).toArray(), sorted(Batches.shuffled(101, 8, 5)));
    }

    @Test
    void orderDependsOnSeedNotOnBatchSize() {
        int[] order = flat(Batches.shuffled(50, 7, 42));

        assertArrayEquals(order, flat(Batches.shuffled(50, 50, 42)));
        assertArrayEquals(order, flat(Batches.shuffled(50, 7, 42)));
        assertFalse(Arrays.equals(order, flat(Batches.shuffled(50, 7, 43))));
    }

    /** Pinned because a run must be repeatable with a later Java too. */
    @Test
    void orderIsPinned() {
        assertArrayEquals(new int[] {3, 4, 7, 0, 8, 5, 9, 2, 6, 1}, flat(Batches.shuffled(10, 4, 42)));
    }

    @Test
    void everyPositionIsReachedByEveryItem() {
        boolean[][] seen = new boolean[4][4];
        for (long seed = 0; seed < 200; seed++) {
            int[] order = flat(Batches.shuffled(4, 2, seed));
            for (int place = 0; place < 4; place++) {
                seen[order[place]][place] = true;
            }
        }
        for (boolean[] places : seen) {
            for (boolean place : places) {
                assertTrue(place);
            }
        }
    }

    @Test
    void emptyAndInvalid() {
        assertTrue(Batches.shuffled(0, 4, 1).isEmpty());
        assertEquals(1, Batches.inOrder(3, Integer.MAX_VALUE).size());
        var error = assertThrows(IllegalArgumentException.class, () -> Batches.inOrder(5, 0));
        assertEquals("batches: n is 5 and batchSize is 0; need n >= 0 and batchSize >= 1", error.getMessage());
    }

    private static int[] flat(List<int[]> batches) {
        return batches.stream().flatMapToInt(Arrays::stream).toArray();
    }

    private static int[] sorted(List<int[]> batches) {
        return Arrays.stream(flat(batches)).sorted().toArray();
    }
}
