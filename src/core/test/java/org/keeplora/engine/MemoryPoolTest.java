package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

final class MemoryPoolTest {
    @Test
    void givesOnlyBlocksOfTheSizeThatIsAskedFor() {
        MemoryPool pool = new MemoryPool(100);
        Pointer block = new Pointer();
        assertEquals(List.of(), pool.give(60, block));
        assertNull(pool.take(50));
        assertSame(block, pool.take(60));
        assertNull(pool.take(60));
    }

    @Test
    void letsGoOfTheSizeThatWasAskedForLongestAgo() {
        MemoryPool pool = new MemoryPool(100);
        Pointer old = new Pointer();
        Pointer recent = new Pointer();
        pool.give(60, old);
        pool.give(40, recent);
        pool.give(60, pool.take(60));
        List<Pointer> freed = pool.give(60, new Pointer());
        assertEquals(2, freed.size());
        assertSame(recent, freed.get(0));
        assertEquals(1, pool.drain().size());
        assertEquals(List.of(), pool.drain());
    }

    @Test
    void aPoolOfNothingKeepsNothing() {
        assertEquals(1, new MemoryPool(0).give(1, new Pointer()).size());
    }
}
