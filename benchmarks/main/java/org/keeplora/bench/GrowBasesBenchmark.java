package org.keeplora.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Operand;
import org.keeplora.method.internal.PrincipalSubspace;
import org.keeplora.method.internal.SecondMoment;
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

/**
 * Extends the bases of q, k, v, o by one task's features VIT_FEATURES_768x12608: from the features to the new bases.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 5)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx4g", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=16g"})
public class GrowBasesBenchmark {
    /** Float32 decompositions of the authors' implementation round the directions at the energy threshold. */
    private static final double BOUND = 1e-2;

    @Param({"KEEPLORA", "AUTHORS"})
    public Implementation implementation;

    @Param("2")
    public int threads;

    private BatchLinalg linalg;
    private final List<Matrix> features = new ArrayList<>();
    private final List<Matrix> bases = new ArrayList<>();
    private final List<Tensor> columns = new ArrayList<>();
    private final List<Tensor> basisTensors = new ArrayList<>();
    private List<PrincipalSubspace> subspaces = List.of();

    @Setup(Level.Trial)
    public void open() {
        TorchThreads.set(threads);
        linalg = BatchLinalg.open(BackendChoice.CPU, threads);
        for (int input = 0; input < 2; input++) {
            features.add(VitBlock.features(linalg, 10 + input));
        }
        for (int site = 0; site < VitBlock.INPUT_OF_SITE.length; site++) {
            bases.add(VitBlock.basis(linalg, VitBlock.PROTECTED, 30 + site));
            basisTensors.add(Tensors.keep(TorchMatrix.view(bases.get(site))));
            Matrix samples = features.get(VitBlock.INPUT_OF_SITE[site]);
            columns.add(Tensors.keep(TorchMatrix.view(samples).t().contiguous()));
        }
        requireSameResult();
        System.out.printf(
                Locale.ROOT,
                "feature memory: second moments %.1f MB, feature matrices %.1f MB%n",
                2 * VitBlock.WIDTH * VitBlock.WIDTH * Double.BYTES / 1e6,
                columns.stream().mapToDouble(x -> x.nbytes() / 1e6).sum());
    }

    private void requireSameResult() {
        startSubspaces();
        keeplora();
        List<Tensor> authors = AuthorsWay.grow(columns, basisTensors, VitBlock.FEATURE_ENERGY);
        for (int site = 0; site < authors.size(); site++) {
            try (Matrix ours = subspaces.get(site).basis(linalg);
                    Tensor tensor = authors.get(site).contiguous();
                    Matrix theirs = TorchMatrix.view(tensor)) {
                if (Math.abs(ours.cols() - theirs.cols()) > 1) {
                    throw new IllegalStateException("ranks " + ours.cols() + " and " + theirs.cols());
                }
                int shared = Math.min(ours.cols(), theirs.cols());
                try (Matrix one = linalg.columns(ours, 0, shared);
                        Matrix other = linalg.columns(theirs, 0, shared)) {
                    Comparison.requireClose(
                            "projector of site " + site,
                            Comparison.product(linalg, one, Operand.transposed(one)),
                            Comparison.product(linalg, other, Operand.transposed(other)),
                            BOUND);
                }
            }
            authors.get(site).close();
        }
    }

    /** Makes fresh subspaces for the next shot, because they grow in place. */
    @Setup(Level.Iteration)
    public void startSubspaces() {
        subspaces.forEach(PrincipalSubspace::close);
        subspaces = bases.stream()
                .map(basis -> PrincipalSubspace.ofBasis(linalg, basis))
                .toList();
    }

    @Benchmark
    public Object grow() {
        return implementation == Implementation.KEEPLORA
                ? keeplora()
                : AuthorsWay.grow(columns, basisTensors, VitBlock.FEATURE_ENERGY);
    }

    private Object keeplora() {
        List<SecondMoment> moments =
                List.of(new SecondMoment(linalg, VitBlock.WIDTH), new SecondMoment(linalg, VitBlock.WIDTH));
        SecondMoment.add(
                linalg,
                List.of(
                        new SecondMoment.Update(moments.get(0), features.get(0)),
                        new SecondMoment.Update(moments.get(1), features.get(1))));
        List<Matrix> values = SecondMoment.values(linalg, moments);
        List<PrincipalSubspace.Extension> extensions = new ArrayList<>();
        for (int site = 0; site < subspaces.size(); site++) {
            Matrix moment = values.get(VitBlock.INPUT_OF_SITE[site]);
            extensions.add(new PrincipalSubspace.Extension(subspaces.get(site), moment));
        }
        Object growth = PrincipalSubspace.extend(linalg, extensions, VitBlock.FEATURE_ENERGY);
        moments.forEach(SecondMoment::close);
        return growth;
    }

    @TearDown(Level.Trial)
    public void close() {
        subspaces.forEach(PrincipalSubspace::close);
        features.forEach(Matrix::close);
        bases.forEach(Matrix::close);
        linalg.close();
    }
}
