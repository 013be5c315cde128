package org.keeplora.engine;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/** The kernels of a backend until they are closed. Closing waits for operations of other threads. */
final class OpenKernels implements AutoCloseable {
    private final LinalgKernels kernels;
    /** Operations share it; closing has it alone. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    private boolean closed;

    OpenKernels(LinalgKernels kernels) {
        this.kernels = kernels;
    }

    /**
     * The result of {@code computation} with the kernels, which stay open meanwhile.
     *
     * @throws IllegalStateException naming {@code operation} after {@link #close}
     */
    <R> R use(String operation, Function<LinalgKernels, R> computation) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("Linalg." + operation + ": was called after close");
            }
            return computation.apply(kernels);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                kernels.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
