package org.keeplora.engine;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;

/**
 * Device memory for the duration of one operation: workspaces, pointers of a batch, flags, and numbers to read at its
 * end.
 */
final class CudaArray implements AutoCloseable {
    private final Cuda cuda;
    private final BytePointer memory;
    private final long bytes;
    private boolean closed;

    CudaArray(Cuda cuda, long bytes) {
        this.cuda = cuda;
        this.bytes = bytes;
        this.memory = new BytePointer(cuda.allocate(bytes)).capacity(Math.max(1, bytes));
        cuda.onFailure(this::close);
    }

    /** Sets all bytes to zero. */
    void clear() {
        cuda.clear(memory, bytes);
    }

    /** The address at {@code offset} bytes. */
    long address(long offset) {
        return memory.address() + offset;
    }

    /** A pointer to the {@code index}-th double. */
    DoublePointer doubles(long index) {
        return new DoublePointer(memory).getPointer(index);
    }

    /** A pointer to the {@code index}-th float. */
    FloatPointer floats(long index) {
        return new FloatPointer(memory).getPointer(index);
    }

    /** A pointer to the {@code index}-th int. */
    IntPointer ints(long index) {
        return new IntPointer(memory).getPointer(index);
    }

    /** A pointer to the {@code index}-th long. */
    LongPointer longs(long index) {
        return new LongPointer(memory).getPointer(index);
    }

    BytePointer bytes() {
        return memory;
    }

    /** A pointer to the {@code index}-th group of eight bytes. */
    BytePointer pointerTo(long index) {
        return memory.getPointer(index * Long.BYTES);
    }

    /** A copy of the whole on the heap; waits for it. */
    double[] readDoubles() {
        double[] values = new double[Math.toIntExact(bytes / Double.BYTES)];
        try (DoublePointer host = new DoublePointer(Math.max(1, values.length))) {
            cuda.download(host, memory, bytes);
            host.get(values);
        }
        return values;
    }

    /** As {@link #readDoubles}. */
    long[] readLongs() {
        long[] values = new long[Math.toIntExact(bytes / Long.BYTES)];
        try (LongPointer host = new LongPointer(Math.max(1, values.length))) {
            cuda.download(host, memory, bytes);
            host.get(values);
        }
        return values;
    }

    /** As {@link #readDoubles}. */
    int[] readInts() {
        int[] values = new int[Math.toIntExact(bytes / Integer.BYTES)];
        try (IntPointer host = new IntPointer(Math.max(1, values.length))) {
            cuda.download(host, memory, bytes);
            host.get(values);
        }
        return values;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            cuda.free(memory, bytes);
        }
    }
}
