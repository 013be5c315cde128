package org.keeplora.engine;

import org.bytedeco.javacpp.Pointer;

/** Memory of a GPU, our own or another's. */
record DeviceStorage(Cuda cuda, Pointer address, boolean owned) implements Storage {
    /** New memory with whatever it held before. */
    static DeviceStorage allocate(Cuda cuda, long elements, ElementType type) {
        return new DeviceStorage(
                cuda, cuda.allocate(type.pointer(), elements * type.bytes()).capacity(elements), true);
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
            cuda.free(address);
        }
    }
}
