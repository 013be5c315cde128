package org.keeplora.engine;

import java.util.OptionalLong;
import org.bytedeco.javacpp.Pointer;

/**
 * GPU memory, our own or the caller's.
 *
 * @param end of its use
 */
record CudaStorage(Cuda cuda, Pointer address, Runnable end) implements Storage {
    /** New memory, not initialised. */
    static CudaStorage allocate(Cuda cuda, long elements, ElementType type) {
        long bytes = elements * type.bytes();
        Pointer memory = type.pointer(cuda.allocate(bytes)).capacity(elements);
        return new CudaStorage(cuda, memory, () -> cuda.free(memory, bytes));
    }

    /**
     * Memory of the caller, until it is released.
     *
     * @param lender stream on which the caller uses it, or empty for any
     */
    static CudaStorage borrowed(Cuda cuda, Pointer memory, OptionalLong lender) {
        cuda.borrow(lender);
        return new CudaStorage(cuda, memory, () -> cuda.giveBack(lender));
    }

    @Override
    public Place place() {
        return Place.DEVICE;
    }

    @Override
    public OptionalLong stream() {
        return OptionalLong.of(cuda.streamAddress());
    }

    @Override
    public void clear(long bytes) {
        cuda.clear(address, bytes);
    }

    @Override
    public void read(Pointer target, long bytes) {
        cuda.download(target, address, bytes);
    }

    @Override
    public void write(Pointer source, long bytes) {
        cuda.upload(address, source, bytes);
    }

    @Override
    public void release() {
        end.run();
    }
}
