package org.keeplora.engine;

import java.util.OptionalLong;
import org.bytedeco.javacpp.Pointer;

/** The memory behind a matrix, and the operations that depend on its place. Sizes are in bytes, from the beginning. */
interface Storage {
    Place place();

    /** Address of the stream in whose order device memory is used; empty for host memory. */
    OptionalLong stream();

    /** A FloatPointer or DoublePointer, depending on the matrix's type. */
    Pointer address();

    /** The address in bytes that {@code pointer} points to. */
    static long addressOf(Pointer pointer) {
        return pointer.address() + pointer.position() * pointer.sizeof();
    }

    void clear(long bytes);

    /** Copies to host memory. */
    void read(Pointer target, long bytes);

    /** Copies from host memory. */
    void write(Pointer source, long bytes);

    /** Frees the memory, unless it belongs to the caller. */
    void release();
}
