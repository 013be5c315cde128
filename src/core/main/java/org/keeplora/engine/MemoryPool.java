package org.keeplora.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;

/**
 * Keeps freed memory for the next request of the same size, which then needs no call of the driver or the system. A
 * batch requests thousands of blocks, always of the same sizes (benchmarks/EXPERIMENTS.md, 18 and 24).
 *
 * <p>Above the limit, the sizes that were requested longest ago are freed first. Safe for use from several threads, as
 * matrices may be closed from any. On a device all blocks belong to one stream, so a reused block is written only after
 * its last reader.
 */
final class MemoryPool {
    private static final float LOAD_FACTOR = 0.75f;

    private final long limit;
    /** Blocks by size in bytes; the size requested longest ago comes first. */
    private final Map<Long, Deque<Pointer>> kept = new LinkedHashMap<>(16, LOAD_FACTOR, true);

    private long bytes;

    /** @param limit bytes to keep at most; 0 keeps nothing */
    MemoryPool(long limit) {
        this.limit = limit;
    }

    /** A block of exactly {@code size} bytes, not initialised; null if none is kept. */
    synchronized Pointer take(long size) {
        Deque<Pointer> blocks = kept.get(size);
        if (blocks == null || blocks.isEmpty()) {
            return null;
        }
        bytes -= size;
        return blocks.pop();
    }

    /** Keeps a block of {@code size} bytes; returns the blocks that must be freed in exchange. */
    synchronized List<Pointer> give(long size, Pointer block) {
        kept.computeIfAbsent(size, its -> new ArrayDeque<>()).push(block);
        bytes += size;
        return shrink(limit);
    }

    /** Removes all blocks and returns them, to be freed. */
    synchronized List<Pointer> drain() {
        return shrink(0);
    }

    private List<Pointer> shrink(long most) {
        List<Pointer> released = new ArrayList<>();
        var sizes = kept.entrySet().iterator();
        while (bytes > most) {
            Map.Entry<Long, Deque<Pointer>> oldest = sizes.next();
            while (bytes > most && !oldest.getValue().isEmpty()) {
                released.add(oldest.getValue().pop());
                bytes -= oldest.getKey();
            }
            if (oldest.getValue().isEmpty()) {
                sizes.remove();
            }
        }
        return released;
    }
}
