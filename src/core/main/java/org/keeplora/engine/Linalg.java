package org.keeplora.engine;

import java.util.List;
import java.util.OptionalLong;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.keeplora.engine.internal.BatchLinalg;

/**
 * A backend that computes, and matrices where it does.
 *
 * <p>The package documents the number of threads used. Safe for use from several threads, if no thread writes a matrix
 * that another uses. After {@link #close} every method is an {@link IllegalStateException}. On the host operations run
 * beside each other, except one large decomposition, which waits until it is alone. On a GPU they run one at a time.
 */
public sealed interface Linalg extends AutoCloseable permits BatchLinalg {
    /**
     * Opens a backend with {@code threads} threads.
     *
     * @param threads 1 to 64, or to the number of the machine's processors if that is more
     * @throws NativeLibraryProblem when the jars with native libraries are missing or do not fit
     * @throws BackendUnavailable when {@code choice} names a backend that is not available
     */
    static Linalg open(BackendChoice choice, int threads) {
        return new CheckedLinalg(choice.open(threads, OptionalLong.empty()));
    }

    /**
     * As {@link #open(BackendChoice, int)}, with CUDA on the caller's stream. Work runs in stream order with the
     * caller's, before and after, without waiting.
     *
     * @param stream address of a stream on the first GPU, which must outlive this object; 0 is CUDA's default stream
     */
    static Linalg open(BackendChoice choice, int threads, long stream) {
        return new CheckedLinalg(choice.open(threads, OptionalLong.of(stream)));
    }

    /** The state of every backend on this machine. The first call looks for CUDA in a separate process. */
    static List<BackendReport> backends() {
        List<String> obstacles = NativeLibraries.obstacle().stream().toList();
        CudaSurvey survey = CudaSurvey.ofThisMachine();
        return List.of(
                new BackendReport("cpu", obstacles.isEmpty() ? CpuBlas.facts() : List.of(), obstacles),
                new BackendReport("cuda", survey.facts(), survey.obstacles()));
    }

    /**
     * Options for a JVM that this process starts. They spare it the separate process that looks for CUDA, if CUDA is
     * available here, and if the JVM has the same class path, environment, libraries, and system properties for loading
     * them; otherwise it looks for itself.
     */
    static List<String> childOptions() {
        return CudaSurvey.childOptions();
    }

    /** Name of the backend: "cpu", "cuda", or "cuda (emulated)" in tests. */
    String backend();

    /** Number of threads this instance computes with. */
    int threads();

    /** Where operands must lie and where results lie. */
    Place place();

    /**
     * Address of the stream on which work runs, on the first GPU; 0 is CUDA's default stream. Empty on the host. Two
     * libraries may use one GPU memory without more ado only if both use it on one stream.
     */
    OptionalLong stream();

    /** A matrix of zeros where this backend computes; the caller closes it. */
    Matrix zeros(int rows, int cols, ElementType type);

    /**
     * The caller's memory as a matrix, without a copy. On a GPU, work on any stream may have written it and may use it
     * afterwards: this method waits for the whole device, and closing the matrix waits for this backend.
     * {@link #wrap(int, int, ElementType, Pointer, long)} waits for nothing.
     *
     * @param values rows · cols elements where this backend computes; must outlive the matrix
     */
    Matrix wrap(int rows, int cols, FloatPointer values);

    /** As {@link #wrap(int, int, FloatPointer)}. */
    Matrix wrap(int rows, int cols, DoublePointer values);

    /** As {@link #wrap(int, int, FloatPointer)}, for half-precision samples. */
    Matrix wrap(int rows, int cols, ShortPointer values, ElementType type);

    /**
     * The caller's GPU memory as a matrix, without a copy and without waiting. This backend computes with it after all
     * that is on {@code stream} now. What comes onto {@code stream} once the matrix is closed runs after that. In
     * between, nothing else may use the memory, unless {@code stream} is {@link #stream}.
     *
     * @param values rows · cols elements of {@code type} on the first GPU; must outlive the matrix
     * @param stream address of the stream on which the caller uses the memory; must outlive the matrix
     * @throws IllegalArgumentException if this backend computes on the host
     */
    Matrix wrap(int rows, int cols, ElementType type, Pointer values, long stream);

    /**
     * A copy, where this backend computes, of a matrix that lies there or on the host; the caller closes it. The matrix
     * may be one of another backend on the same GPU.
     */
    Matrix copyOf(Matrix matrix);

    /**
     * The matrix itself if it lies where this backend computes, and on the same {@link #stream}. Otherwise a copy
     * there, and the matrix is closed, also if copying fails.
     */
    Matrix adopt(Matrix matrix);

    /**
     * Frees the resources of the backend, after the operations that other threads are computing. Closing twice is
     * harmless.
     */
    @Override
    void close();
}
