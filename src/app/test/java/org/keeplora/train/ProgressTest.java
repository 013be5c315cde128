package org.keeplora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.train.RunMonitor.Progress;

final class ProgressTest {
    private static final List<int[]> BATCHES = List.of(new int[5], new int[5], new int[1], new int[3]);

    /** Adds up what it is told. */
    private static final class Adding implements Progress {
        private long images;

        @Override
        public void begin(String pass, long all) {}

        @Override
        public void advance(long more) {
            images += more;
        }

        @Override
        public void end() {}
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void everyImageIsToldOnceOverAllRounds(int rounds) {
        Adding progress = new Adding();
        Iterable<int[]> batches = progress.over(BATCHES, rounds);
        for (int round = 0; round < rounds; round++) {
            int number = 0;
            for (int[] batch : batches) {
                assertEquals(BATCHES.get(number++).length, batch.length);
            }
            assertEquals(BATCHES.size(), number);
        }
        assertEquals(Progress.items(BATCHES), progress.images);
    }

    @Test
    void aBatchIsToldWhenTheNextIsAskedFor() {
        Adding progress = new Adding();
        long told = 0;
        for (int[] batch : progress.over(BATCHES, 1)) {
            assertEquals(told, progress.images);
            told += batch.length;
        }
        assertEquals(told, progress.images);
    }
}
