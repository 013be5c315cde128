package org.keeplora.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PromptGroupsTest {
    @Test
    void fewPromptsStayTogether() {
        List<int[]> groups = PromptGroups.of(9, 3, 76);
        assertEquals(1, groups.size());
        assertArrayEquals(new int[] {1, 0, 2}, groups.get(0));
        assertEquals(List.of(), PromptGroups.of());
    }

    @Test
    void manyShortPromptsAreNotPaddedToFewLongOnes() {
        int[] ends = new int[200];
        Arrays.fill(ends, 9);
        ends[0] = 39;
        ends[117] = 35;
        List<int[]> groups = PromptGroups.of(ends);
        assertEquals(2, groups.size());
        assertEquals(198, groups.get(0).length);
        assertArrayEquals(new int[] {117, 0}, groups.get(1));
    }

    @Test
    void everyPromptIsInOneGroup() {
        Random random = new Random(1);
        int[] ends = random.ints(500, 4, 77).toArray();
        int[] all = PromptGroups.of(ends).stream()
                .flatMapToInt(Arrays::stream)
                .sorted()
                .toArray();
        assertArrayEquals(IntStream.range(0, ends.length).toArray(), all);
    }
}
