package org.keeplora.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The common part of suites of one operation. Inputs are made on the host and copied to the backend's device. The
 * problem is solved once and compared with the known result, then timed, waiting for the device.
 *
 * <p>No field has a type of libtorch, so that our backends can be timed without libtorch.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx4g", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=16g"})
public abstract class Suite {
    private static final String TORCH = "org.bytedeco.pytorch.Tensor";

    @Param({"CPU", "TORCH_CPU"})
    public Backend backend;

    /** Threads of the host; 0 for all threads of the machine. */
    @Param("0")
    public int threads;

    private Side side;

    /** Our implementation of the problem; it owns {@code linalg} from this call on. */
    abstract Side engine(BatchLinalg linalg, Inputs inputs);

    /** The libtorch implementation, made with {@link TorchSide#open}. */
    abstract Side torch(int threads, Inputs inputs);

    /** Makes the inputs, and keeps what {@link #verify} needs. */
    abstract Inputs inputs(BatchLinalg host);

    /** Throws unless {@code results} are the correct results for the inputs. */
    abstract void verify(List<Matrix> results);

    /** The work of one shot. */
    abstract Work work();

    /** Frees what {@link #inputs} kept for {@link #verify}. */
    abstract void release();

    /** Makes the inputs and the implementation, and verifies its results. */
    @Setup(Level.Trial)
    public final void open() {
        int count = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        try (BatchLinalg host = BatchLinalg.open(BackendChoice.CPU, count);
                Inputs inputs = inputs(host)) {
            side = backend.torch() ? torchSide(count, inputs) : engine(open(count), inputs);
            List<Matrix> results = side.results();
            verify(results);
            results.forEach(Matrix::close);
        } finally {
            release();
        }
        side.restore();
        work().declare();
    }

    /** The timed backend of ours. */
    BatchLinalg open(int count) {
        return BatchLinalg.open(backend.choice(), count);
    }

    private Side torchSide(int count, Inputs inputs) {
        try {
            Class.forName(TORCH, false, Suite.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "backend " + backend
                            + " is not available: libtorch's bindings (org.bytedeco:pytorch) are not on the class path",
                    e);
        }
        return torch(count, inputs);
    }

    final Side side() {
        return side;
    }

    /** Closes the implementation. */
    @TearDown(Level.Trial)
    public final void close() {
        if (side != null) {
            side.close();
        }
    }
}
