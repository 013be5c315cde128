package org.keeplora.engine.internal;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.openblas.presets.openblas_nolapack.MklSetNumThreadsLocal;

/**
 * The number of threads of OpenBLAS. A process has one pool, which also runs libtorch's matrix products. By default it
 * has a thread for every core that the process may use, whatever libtorch's own number is.
 *
 * <p>Operations of the engine change the number while they run. The first of them notes it, and the last puts it back.
 * If JavaCPP was told to load another BLAS, they leave its threads alone.
 */
public final class BlasThreads {
    private static final Exchange NUMBER = Exchange.ofLoadedLibrary();
    /** Read: one thread of OpenBLAS and others beside. Write: several threads, and nobody beside. First come first. */
    private static final ReentrantReadWriteLock PERMIT = new ReentrantReadWriteLock(true);

    private static int operations;
    /** What the running operations have set. */
    private static int engineNumber;
    /** What the rest of the process has set. */
    private static int hostNumber;

    private BlasThreads() {}

    /** The current number of threads, apart from operations of the engine. */
    public static synchronized int count() {
        if (NUMBER == null) {
            return openblas.blas_get_num_threads();
        }
        if (operations > 0) {
            return hostNumber;
        }
        int count = NUMBER.call(1);
        NUMBER.call(count);
        return count;
    }

    /** Sets the number of threads for all later computations of OpenBLAS apart from operations of the engine. */
    public static synchronized void set(int threads) {
        if (NUMBER == null) {
            try (PointerScope scope = new PointerScope()) { // frees what the preset allocates to look up the function
                openblas.blas_set_num_threads(threads);
            }
        } else if (operations > 0) {
            hostNumber = threads;
        } else {
            NUMBER.call(threads);
        }
    }

    /** Begins an operation with one thread of OpenBLAS, beside others of the kind. */
    public static Use single() {
        PERMIT.readLock().lock();
        begin(1);
        return Use.SINGLE;
    }

    /** Begins an operation with {@code threads} threads of OpenBLAS. Waits until it is alone. */
    public static Use alone(int threads) {
        PERMIT.writeLock().lock();
        begin(threads);
        return Use.ALONE;
    }

    private static synchronized void begin(int threads) {
        if (NUMBER != null) {
            int before = NUMBER.call(threads);
            if (operations == 0 || before != engineNumber) {
                hostNumber = before;
            }
            engineNumber = threads;
        }
        operations++;
    }

    private static synchronized void end() {
        operations--;
        if (operations == 0 && NUMBER != null) {
            int now = NUMBER.call(hostNumber);
            if (now != engineNumber) { // set by the rest of the process meanwhile
                NUMBER.call(now);
            }
        }
    }

    /** An operation that has begun; closing it ends it, on the same thread. */
    public enum Use implements AutoCloseable {
        SINGLE,
        ALONE;

        @Override
        public void close() {
            end();
            if (this == SINGLE) {
                PERMIT.readLock().unlock();
            } else {
                PERMIT.writeLock().unlock();
            }
        }
    }

    /**
     * OpenBLAS's {@code openblas_set_num_threads_local}: sets the number for the process and returns the one before.
     * The preset has a type for functions of this form. Its own {@code blas_set_num_threads} looks the function up at
     * every call, which takes 0.3 ms, and the library with a binding has 24 MB.
     */
    private static final class Exchange extends MklSetNumThreadsLocal {
        private Exchange(Pointer function) {
            put(function);
            retainReference(); // a PointerScope around the first use must not free it
        }

        /** Null if another BLAS is loaded. */
        static Exchange ofLoadedLibrary() {
            Loader.load(openblas.class);
            Pointer function = Loader.addressof("openblas_set_num_threads_local");
            return function == null ? null : new Exchange(function);
        }
    }
}
