package org.keeplora.engine;

import static org.bytedeco.cuda.global.cublas.cublasCreate_v2;
import static org.bytedeco.cuda.global.cublas.cublasDestroy_v2;
import static org.bytedeco.cuda.global.cublas.cublasGetStatusString;
import static org.bytedeco.cuda.global.cublas.cublasSetStream_v2;
import static org.bytedeco.cuda.global.cudart.cudaDeviceGetDefaultMemPool;
import static org.bytedeco.cuda.global.cudart.cudaDeviceSynchronize;
import static org.bytedeco.cuda.global.cudart.cudaFree;
import static org.bytedeco.cuda.global.cudart.cudaFreeAsync;
import static org.bytedeco.cuda.global.cudart.cudaGetErrorString;
import static org.bytedeco.cuda.global.cudart.cudaMallocAsync;
import static org.bytedeco.cuda.global.cudart.cudaMemGetInfo;
import static org.bytedeco.cuda.global.cudart.cudaMemPoolAttrReleaseThreshold;
import static org.bytedeco.cuda.global.cudart.cudaMemPoolSetAttribute;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyAsync;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyDeviceToHost;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyHostToDevice;
import static org.bytedeco.cuda.global.cudart.cudaMemsetAsync;
import static org.bytedeco.cuda.global.cudart.cudaStreamCreateWithFlags;
import static org.bytedeco.cuda.global.cudart.cudaStreamDestroy;
import static org.bytedeco.cuda.global.cudart.cudaStreamNonBlocking;
import static org.bytedeco.cuda.global.cudart.cudaStreamSynchronize;
import static org.bytedeco.cuda.global.cusolver.cusolverDnCreate;
import static org.bytedeco.cuda.global.cusolver.cusolverDnCreateParams;
import static org.bytedeco.cuda.global.cusolver.cusolverDnDestroy;
import static org.bytedeco.cuda.global.cusolver.cusolverDnDestroyParams;
import static org.bytedeco.cuda.global.cusolver.cusolverDnSetStream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.bytedeco.cuda.cublas.cublasContext;
import org.bytedeco.cuda.cudart.CUmemPoolHandle_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.cusolver.cusolverDnContext;
import org.bytedeco.cuda.cusolver.cusolverDnParams;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * The first GPU: one stream, its own or the caller's, the handles of cuBLAS and cuSOLVER on it, and its memory. Memory
 * of others is ordered with the streams that they use.
 *
 * <p>Everything, including allocation, is enqueued on the stream in order. Memory freed while kernels still read it is
 * reused only after them. Freed memory is kept, so that after the first batch workspaces need no driver call. cuBLAS
 * keeps its default math mode: plain float32, float64 (benchmarks/EXPERIMENTS.md, 19).
 */
final class Cuda implements AutoCloseable {
    private static final int OUT_OF_MEMORY = 2;

    private MemoryPool pool;
    private final Deque<Runnable> closers = new ArrayDeque<>();
    private final List<Runnable> opened = new ArrayList<>();
    private CUstream_st stream;
    private CudaOrder order;
    private cublasContext blas;
    private cusolverDnContext solver;
    private cusolverDnParams solverParameters;
    private boolean streamExists;
    private boolean closed;

    /**
     * Creates handles, and a stream unless the caller's is given.
     *
     * @param callers address of a stream, 0 for CUDA's default one; it is not destroyed here
     * @param keptShare largest part of the device's memory to keep after it was freed
     * @throws CudaFailure naming the first call that fails; nothing is left open
     */
    static Cuda open(OptionalLong callers, double keptShare) {
        Cuda cuda = new Cuda();
        try {
            callers.ifPresentOrElse(cuda::take, cuda::createStream);
            cuda.streamExists = true;
            cuda.keepFreedMemory(keptShare);
            cuda.createHandles();
            return cuda;
        } catch (RuntimeException | OutOfMemoryError e) { // the latter from JavaCPP
            try (cuda) {
                throw e;
            }
        }
    }

    private void take(long callers) {
        stream = streamAt(callers);
    }

    private static CUstream_st streamAt(long address) {
        return new CUstream_st(new Address(address));
    }

    /** The address of another library's object. */
    private static final class Address extends Pointer {
        Address(long value) {
            address = value;
        }
    }

    private void createStream() {
        stream = new CUstream_st();
        check("cudaStreamCreateWithFlags", cudaStreamCreateWithFlags(stream, cudaStreamNonBlocking));
        closers.push(() -> cudaStreamDestroy(stream));
    }

    private void createHandles() {
        order = new CudaOrder();
        closers.push(order::close);
        blas = new cublasContext();
        checkBlas("cublasCreate", cublasCreate_v2(blas));
        closers.push(() -> cublasDestroy_v2(blas));
        checkBlas("cublasSetStream", cublasSetStream_v2(blas, stream));
        solver = new cusolverDnContext();
        checkSolver("cusolverDnCreate", cusolverDnCreate(solver));
        closers.push(() -> cusolverDnDestroy(solver));
        checkSolver("cusolverDnSetStream", cusolverDnSetStream(solver, stream));
        solverParameters = new cusolverDnParams();
        checkSolver("cusolverDnCreateParams", cusolverDnCreateParams(solverParameters));
        closers.push(() -> cusolverDnDestroyParams(solverParameters));
    }

    private void keepFreedMemory(double share) {
        CUmemPoolHandle_st driver = new CUmemPoolHandle_st();
        check("cudaDeviceGetDefaultMemPool", cudaDeviceGetDefaultMemPool(driver, 0));
        try (LongPointer all = new LongPointer(1).put(-1)) {
            check("cudaMemPoolSetAttribute", cudaMemPoolSetAttribute(driver, cudaMemPoolAttrReleaseThreshold, all));
        }
        try (SizeTPointer free = new SizeTPointer(1);
                SizeTPointer total = new SizeTPointer(1)) {
            check("cudaMemGetInfo", cudaMemGetInfo(free, total));
            pool = new MemoryPool((long) (share * total.get()));
        }
    }

    /** Runs one operation, alone. Registers what it allocates and frees it if the operation fails. */
    synchronized <R> R operation(Supplier<R> operation) {
        opened.clear();
        try {
            R result = operation.get();
            opened.clear();
            return result;
        } finally {
            opened.forEach(Runnable::run); // none are left unless it failed
            opened.clear();
        }
    }

    /** Registers {@code close} to run if the current operation fails. It must be idempotent. */
    void onFailure(Runnable close) {
        opened.add(close);
    }

    CUstream_st stream() {
        return stream;
    }

    synchronized long streamAddress() {
        requireOpen();
        return stream.address();
    }

    cublasContext blas() {
        return blas;
    }

    cusolverDnContext solver() {
        return solver;
    }

    cusolverDnParams solverParameters() {
        return solverParameters;
    }

    /** Device memory of {@code bytes}, not initialised. Zero bytes have an address too. */
    Pointer allocate(long bytes) {
        long size = Math.max(1, bytes);
        Pointer kept = pool.take(size);
        if (kept != null) {
            return kept;
        }
        Pointer memory = new Pointer();
        int status = cudaMallocAsync(memory, size, stream);
        if (status == OUT_OF_MEMORY) {
            List<Pointer> blocks = pool.drain();
            if (!blocks.isEmpty()) {
                blocks.forEach(block -> cudaFreeAsync(block, stream));
                status = cudaMallocAsync(memory, size, stream);
            }
        }
        check("cudaMallocAsync", status);
        return memory;
    }

    /** Frees {@code bytes} of memory after the work now on the stream; allowed after {@link #close} too. */
    synchronized void free(Pointer memory, long bytes) {
        if (closed) {
            cudaFree(memory);
        } else {
            pool.give(Math.max(1, bytes), memory).forEach(block -> cudaFreeAsync(block, stream));
        }
    }

    synchronized void clear(Pointer memory, long bytes) {
        requireOpen();
        if (bytes > 0) {
            check("cudaMemsetAsync", cudaMemsetAsync(memory, 0, bytes, stream));
        }
    }

    /** Copies from host memory, which may be reused at once. */
    synchronized void upload(Pointer device, Pointer host, long bytes) {
        copy(device, host, bytes, cudaMemcpyHostToDevice);
    }

    /** Copies to host memory and waits for it. */
    synchronized void download(Pointer host, Pointer device, long bytes) {
        copy(host, device, bytes, cudaMemcpyDeviceToHost);
        synchronize();
    }

    /** A matrix may outlive the backend, but its memory can then only be freed. */
    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("a matrix on the device was used after the Linalg that made it was closed");
        }
    }

    private void copy(Pointer target, Pointer source, long bytes, int direction) {
        requireOpen();
        if (bytes > 0) {
            check(
                    "cudaMemcpyAsync",
                    cudaMemcpyAsync(new BytePointer(target), new BytePointer(source), bytes, direction, stream));
        }
    }

    /** Waits for all that was enqueued. */
    void synchronize() {
        check("cudaStreamSynchronize", cudaStreamSynchronize(stream));
    }

    /**
     * What is enqueued here from now on runs after what {@code lender} has enqueued until now: a stream's address, or
     * empty for all streams, which waits for the device.
     */
    synchronized void borrow(OptionalLong lender) {
        requireOpen();
        if (lender.isEmpty()) {
            check("cudaDeviceSynchronize", cudaDeviceSynchronize());
        } else if (lender.getAsLong() != stream.address()) {
            order.set(streamAt(lender.getAsLong()), stream);
        }
    }

    /** The reverse of {@link #borrow}; allowed after {@link #close}, which has waited for everything. */
    synchronized void giveBack(OptionalLong lender) {
        if (closed) {
            return;
        }
        if (lender.isEmpty()) {
            synchronize();
        } else if (lender.getAsLong() != stream.address()) {
            order.set(stream, streamAt(lender.getAsLong()));
        }
    }

    static void check(String function, int status) {
        if (status != 0) {
            throw new CudaFailure(function, cudaGetErrorString(status).getString() + " (" + status + ")");
        }
    }

    static void checkBlas(String function, int status) {
        if (status != 0) {
            throw new CudaFailure(function, cublasGetStatusString(status).getString() + " (" + status + ")");
        }
    }

    static void checkSolver(String function, int status) {
        if (status != 0) {
            throw new CudaFailure(function, "cuSOLVER status " + status);
        }
    }

    /**
     * Waits for the stream, then destroys handles and stream, the last created first.
     *
     * @throws CudaFailure if enqueued work failed; everything is destroyed nevertheless
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (pool != null) {
            pool.drain().forEach(block -> cudaFreeAsync(block, stream));
        }
        int status = streamExists ? cudaStreamSynchronize(stream) : 0;
        closers.forEach(Runnable::run);
        check("cudaStreamSynchronize", status);
    }
}
