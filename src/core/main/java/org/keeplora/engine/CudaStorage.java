package org.keeplora.engine;

import org.bytedeco.javacpp.Pointer;

/** GPU memory, our own or the caller's. */
record CudaStorage(Cuda cuda, Pointer address, boolean owned, long bytes) implements Storage {
    /** New memory, not initialised. */
    static CudaStorage allocate(Cuda cuda, long elements, ElementType type) {
        long bytes = elements * type.bytes();
        return new CudaStorage(cuda, type.pointer(cuda.allocate(bytes)).capacity(elements), true, bytes);
    }

    @Override
    public Place place() {
        return Place.DEVICE;
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
        if (owned) {
            cuda.free(address, bytes);
        }
    }
}
