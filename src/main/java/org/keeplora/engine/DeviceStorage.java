package org.keeplora.engine;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** Memory of a GPU. */
record DeviceStorage(Cuda cuda, Pointer address) implements Storage {
    /** New memory with whatever it held before. */
    static DeviceStorage allocate(Cuda cuda, long elements, ElementType type) {
        Pointer pointer = type == ElementType.F32 ? new FloatPointer() : new DoublePointer();
        return new DeviceStorage(
                cuda, cuda.allocate(pointer, elements * type.bytes()).capacity(elements));
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
        cuda.free(address);
    }
}
