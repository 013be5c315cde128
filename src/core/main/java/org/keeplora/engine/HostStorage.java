package org.keeplora.engine;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Host memory.
 *
 * @param owned what to free, with its capacity in bytes; null if the memory is the caller's
 */
record HostStorage(Pointer address, Pointer owned) implements Storage {
    private static final AtomicLong BYTES = new AtomicLong();

    /** Below it the allocator of C keeps freed memory itself. */
    private static final long LARGE = 1 << 17;
    /** Most bytes of large freed blocks that are kept. */
    private static final long KEPT = 1 << 28;
    /** Sizes of large blocks differ by at least this part, so that blocks of similar size serve each other. */
    private static final int STEPS = 16;

    private static final MemoryPool POOL = new MemoryPool(KEPT);

    private static volatile LongConsumer beforeAllocation = bytes -> {};

    /** Calls {@code action} with the number of bytes before every allocation, for tests: it may throw. */
    static void beforeAllocation(LongConsumer action) {
        beforeAllocation = action;
    }

    /**
     * New memory of at least one element, not initialised. Not allocated as a pointer of JavaCPP, which asks the system
     * for the memory of the process each time: that takes 0.7 µs, longer than a small operation. Large blocks are kept
     * when they are freed, as the system takes milliseconds to give new ones.
     */
    static HostStorage allocate(long elements, ElementType type) {
        long capacity = Math.max(1, elements);
        long bytes = blockSize(capacity * type.bytes());
        beforeAllocation.accept(bytes);
        Pointer memory = block(bytes);
        BYTES.addAndGet(bytes);
        return new HostStorage(type.pointer(memory).capacity(capacity), memory.capacity(bytes));
    }

    private static long blockSize(long bytes) {
        if (bytes < LARGE) {
            return bytes;
        }
        long step = Long.highestOneBit(bytes) / STEPS;
        return (bytes + step - 1) / step * step;
    }

    private static Pointer block(long bytes) {
        Pointer kept = bytes < LARGE ? null : POOL.take(bytes);
        if (kept != null) {
            return kept;
        }
        Pointer memory = Pointer.malloc(bytes);
        if (memory == null) {
            POOL.drain().forEach(Pointer::free);
            memory = Pointer.malloc(bytes);
        }
        if (memory == null) {
            throw new OutOfMemoryError("no " + bytes + " bytes of native memory for a matrix");
        }
        return memory;
    }

    /** Memory of the caller. */
    static HostStorage shared(Pointer address) {
        return new HostStorage(address, null);
    }

    /** Bytes that are allocated and not yet released. */
    static long bytes() {
        return BYTES.get();
    }

    @Override
    public Place place() {
        return Place.HOST;
    }

    @Override
    public OptionalLong stream() {
        return OptionalLong.empty();
    }

    @Override
    public void clear(long bytes) {
        Pointer.memset(address, 0, bytes);
    }

    @Override
    public void read(Pointer target, long bytes) {
        Pointer.memcpy(inBytes(target), inBytes(address), bytes);
    }

    @Override
    public void write(Pointer source, long bytes) {
        Pointer.memcpy(inBytes(address), inBytes(source), bytes);
    }

    /** The same address with the position in bytes, as memcpy counts it. */
    private static BytePointer inBytes(Pointer pointer) {
        return new BytePointer(pointer);
    }

    @Override
    public void release() {
        if (owned != null) {
            long bytes = owned.capacity();
            BYTES.addAndGet(-bytes);
            if (bytes < LARGE) {
                Pointer.free(owned);
            } else {
                POOL.give(bytes, owned).forEach(Pointer::free);
            }
        }
    }
}
