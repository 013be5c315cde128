package org.keeplora.engine;

import java.util.function.LongConsumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Host memory, our own or the caller's. */
record HostStorage(Pointer address, boolean owned) implements Storage {
    private static volatile LongConsumer beforeAllocation = bytes -> {};

    /** Calls {@code action} with the number of bytes before every allocation, for tests: it may throw. */
    static void beforeAllocation(LongConsumer action) {
        beforeAllocation = action;
    }

    /** New memory of at least one element, not initialised. */
    static HostStorage allocate(long elements, ElementType type) {
        long capacity = Math.max(1, elements);
        beforeAllocation.accept(capacity * type.bytes());
        Pointer memory = type.allocate(capacity);
        memory.retainReference(); // a PointerScope around the caller must not free it
        return new HostStorage(memory, true);
    }

    @Override
    public Place place() {
        return Place.HOST;
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
        if (owned) {
            address.releaseReference();
        }
    }
}
