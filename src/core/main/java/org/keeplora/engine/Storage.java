package org.keeplora.engine;

import org.bytedeco.javacpp.Pointer;

/** The memory behind a matrix, and what depends on where it lies. Sizes are in bytes, from the beginning. */
interface Storage {
    Place place();

    /** A FloatPointer or DoublePointer, as the matrix's type is. */
    Pointer address();

    void clear(long bytes);

    /** Copies to host memory. */
    void read(Pointer target, long bytes);

    /** Copies from host memory. */
    void write(Pointer source, long bytes);

    /** Gives the memory back, unless it is another's. */
    void release();
}
