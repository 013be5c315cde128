package org.keeplora.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Operand;
import org.keeplora.method.Switches.StartB;
import org.keeplora.method.internal.LoraFactors;
import org.keeplora.method.internal.LoraStart;
import org.keeplora.method.internal.PrincipalSubspace;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchMatrix;
import org.keeplora.torch.TorchThreads;
import org.openjdk.jmh.annotations.Benchmark;
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

/** From the gradients of q, k, v, o of one ViT-B/16 block to their adapters: projection, then the low-rank start. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 20)
@Measurement(iterations = 60)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx4g", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=16g"})
public class ProjectAndStartBenchmark {
    /** Both implementations are randomised and use float32. */
    private static final double BOUND = 1e-3;

    @Param({"KEEPLORA", "AUTHORS"})
    public Implementation implementation;

    @Param("2")
    public int threads;

    private BatchLinalg linalg;
    private List<Matrix> gradients;
    private final List<Tensor> gradientTensors = new ArrayList<>();
    private final List<PrincipalSubspace> subspaces = new ArrayList<>();
    private final List<Tensor> bases = new ArrayList<>();
    private final long[] seeds = {1, 2, 3, 4};

    @Setup(Level.Trial)
    public void open() {
        TorchThreads.set(threads);
        linalg = BatchLinalg.open(BackendChoice.CPU, threads);
        gradients = VitBlock.gradients(linalg);
        for (int site = 0; site < gradients.size(); site++) {
            try (Matrix basis = VitBlock.basis(linalg, VitBlock.PROTECTED, 30 + site)) {
                subspaces.add(PrincipalSubspace.ofBasis(linalg, basis));
                bases.add(Tensors.keep(TorchMatrix.copyOf(basis)));
            }
            gradientTensors.add(Tensors.keep(TorchMatrix.view(gradients.get(site))));
        }
        requireSameResult();
    }

    private void requireSameResult() {
        List<LoraFactors> ours = keeplora();
        List<Tensor[]> theirs = AuthorsWay.start(gradientTensors, bases);
        for (int site = 0; site < ours.size(); site++) {
            try (LoraFactors factors = ours.get(site);
                    Matrix a = TorchMatrix.view(theirs.get(site)[0]);
                    Matrix b = TorchMatrix.view(theirs.get(site)[1])) {
                Comparison.requireClose(
                        "A·B of site " + site,
                        Comparison.product(linalg, a, Operand.of(b)),
                        Comparison.product(linalg, factors.a(), Operand.of(factors.b())),
                        BOUND);
            }
        }
        theirs.forEach(ProjectAndStartBenchmark::close);
    }

    @Benchmark
    public void start() {
        if (implementation == Implementation.KEEPLORA) {
            keeplora().forEach(LoraFactors::close);
        } else {
            AuthorsWay.start(gradientTensors, bases).forEach(ProjectAndStartBenchmark::close);
        }
    }

    private List<LoraFactors> keeplora() {
        List<LoraStart> starts = new ArrayList<>();
        for (int site = 0; site < subspaces.size(); site++) {
            starts.add(new LoraStart(subspaces.get(site), gradients.get(site), seeds[site]));
        }
        return LoraStart.factors(linalg, starts, VitBlock.RANK, StartB.GRADIENT);
    }

    private static void close(Tensor[] factors) {
        for (Tensor factor : factors) {
            factor.close();
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        subspaces.forEach(PrincipalSubspace::close);
        gradients.forEach(Matrix::close);
        linalg.close();
    }
}
