package org.keeplora.engine;

import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
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

    /** As {@link #compute}, without a result. */
    <P> void run(
            String operation,
            List<P> batch,
            BiConsumer<P, OperandCheck> require,
            BiConsumer<LinalgKernels, List<P>> computation) {
        compute(operation, batch, require, (open, problems) -> {
            computation.accept(open, problems);
            return null;
        });
    }

    /**
     * Checks a batch, then computes it.
     *
     * @param require checks a problem and adds its operands
     */
    <P, R> R compute(
            String operation,
            List<P> batch,
            BiConsumer<P, OperandCheck> require,
            BiFunction<LinalgKernels, List<P>, R> computation) {
        return use(operation, open -> {
            new OperandCheck(operation, open).requireAll(batch, require);
            return computation.apply(open, batch);
        });
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
