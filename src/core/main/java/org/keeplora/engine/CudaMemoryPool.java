package org.keeplora.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;

/**
 * Device memory that was given back and is kept for the next request of the same size, which then costs no call of the
 * driver: a batch asks for thousands of small blocks, always of the same sizes (benchmarks/EXPERIMENTS.md, 18).
 *
 * <p>All blocks belong to one stream: whoever gets a block again comes after its last reader there. Sizes that nobody
 * asked for the longest go first when more than the limit is kept. Safe for use from several threads, as matrices may
 * be closed from any.
 */
final class CudaMemoryPool {
    private static final float LOAD_FACTOR = 0.75f;

    private final long limit;
    /** By bytes, the size that was asked for longest ago first. */
    private final Map<Long, Deque<Pointer>> kept = new LinkedHashMap<>(16, LOAD_FACTOR, true);

    private long bytes;

    /** @param limit bytes to keep at most; 0 keeps nothing */
    CudaMemoryPool(long limit) {
        this.limit = limit;
    }

    /** A block of exactly {@code size} bytes, with whatever it held before; null where none is kept. */
    synchronized Pointer take(long size) {
        Deque<Pointer> blocks = kept.get(size);
        if (blocks == null || blocks.isEmpty()) {
            return null;
        }
        bytes -= size;
        return blocks.pop();
    }

    /** Keeps a block of {@code size} bytes; returns the blocks that must be freed for it. */
    synchronized List<Pointer> give(long size, Pointer block) {
        kept.computeIfAbsent(size, its -> new ArrayDeque<>()).push(block);
        bytes += size;
        return shrink(limit);
    }

    /** Lets go of everything that is kept; returns the blocks, to be freed. */
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
