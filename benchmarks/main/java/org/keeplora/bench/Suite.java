package org.keeplora.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
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
 * What the suites of one operation share: inputs made on the host, brought to where the backend computes, solved once
 * and compared with what must come out, then timed with waiting for the device.
 *
 * <p>Fields hold no type of libtorch, so that our backends can be timed where it is absent.
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

    /** Threads of the host; 0 is all that the machine has. */
    @Param("0")
    public int threads;

    private Side side;

    /** Our side of the problem, which owns {@code linalg} from now on. */
    abstract Side engine(Linalg linalg, Inputs inputs);

    /** The same through {@link TorchSide#open}. */
    abstract Side torch(int threads, Inputs inputs);

    /** Makes the inputs, and keeps what {@link #verify} will need. */
    abstract Inputs inputs(Linalg host);

    /** Throws unless {@code results} are what the inputs must give. */
    abstract void verify(List<Matrix> results);

    /** What one shot has to do. */
    abstract Work work();

    /** Frees what {@link #inputs} kept for {@link #verify}. */
    abstract void release();

    /** Makes inputs and side, and verifies. */
    @Setup(Level.Trial)
    public final void open() {
        int count = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        try (Linalg host = Linalg.open(BackendChoice.CPU, count);
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

    /** The backend of ours that is timed. */
    Linalg open(int count) {
        return Linalg.open(backend.choice(), count);
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

    /** Frees the side. */
    @TearDown(Level.Trial)
    public final void close() {
        if (side != null) {
            side.close();
        }
    }
}
