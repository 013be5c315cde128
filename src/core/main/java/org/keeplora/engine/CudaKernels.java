package org.keeplora.engine;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.keeplora.engine.OperandCheck.Values;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.Assembly;
import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.EnergyRank;
import org.keeplora.engine.internal.Factors;
import org.keeplora.engine.internal.GramUpdate;
import org.keeplora.engine.internal.LeadingEigen;
import org.keeplora.engine.internal.LowRank;
import org.keeplora.engine.internal.LowRankFactors;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Spectrum;
import org.keeplora.engine.internal.Svd;

/**
 * The CUDA backend: cuBLAS and cuSOLVER through JavaCPP's presets and our own kernels ({@link CudaKlr}) on one stream,
 * batch by batch. An operation waits for the device only when it returns numbers to the JVM: checks, norms, ranks,
 * singular values, convergence.
 */
final class CudaKernels implements LinalgKernels {
    private static final int RANK_FIELDS = 7;
    private static final int RANK_NUMBERS = 3;

    private final int threads;
    private final boolean emulated;
    private final Cuda cuda;
    private final CudaLayout layout;
    private final CudaBlas blas;
    private final CudaQr qr;
    private final CudaEigen eigen;
    private final CudaDecompositions decompositions;
    private final CudaRangeFinder rangeFinder;

    /**
     * Opens the first GPU.
     *
     * @param threads reported as the thread number; nothing is computed on the host
     */
    CudaKernels(int threads, CudaSettings settings) {
        this.threads = threads;
        this.emulated = settings.emulated();
        CudaKlr.load();
        this.cuda = Cuda.open(settings.stream(), settings.keptShare());
        this.layout = new CudaLayout(cuda);
        this.blas = new CudaBlas(cuda, layout);
        this.qr = new CudaQr(cuda, blas);
        this.eigen = new CudaEigen(cuda, layout, settings.solver().apply(cuda));
        this.decompositions = new CudaDecompositions(cuda, layout);
        this.rangeFinder = new CudaRangeFinder(cuda, qr, eigen, decompositions);
    }

    @Override
    public String name() {
        return emulated ? "cuda (emulated)" : "cuda";
    }

    @Override
    public int threads() {
        return threads;
    }

    @Override
    public Place place() {
        return Place.DEVICE;
    }

    @Override
    public OptionalLong stream() {
        return OptionalLong.of(cuda.streamAddress());
    }

    @Override
    public Matrix uninitialized(int rows, int cols, ElementType type) {
        return cuda.operation(() -> layout.uninitialized(rows, cols, type));
    }

    @Override
    public Matrix wrap(int rows, int cols, ElementType type, Pointer memory, OptionalLong lender) {
        return new Matrix(rows, cols, type, CudaStorage.borrowed(cuda, memory, lender));
    }

    @Override
    public int firstBeyond(List<Values> operands) {
        return cuda.operation(() -> layout.firstBeyond(operands));
    }

    @Override
    public void multiply(List<Product> batch) {
        run(() -> blas.multiply(batch));
    }

    private void run(Runnable operation) {
        cuda.operation(() -> {
            operation.run();
            return null;
        });
    }

    @Override
    public List<Matrix> products(List<Factors> batch) {
        return cuda.operation(() -> blas.products(
                batch.stream().map(Factors::left).toList(),
                batch.stream().map(Factors::right).toList()));
    }

    @Override
    public void projectOut(List<Projection> batch) {
        List<Matrix> targets = batch.stream().map(Projection::target).toList();
        double[] before = norms(targets);
        run(() -> blas.project(batch));
        double[] after = norms(targets);
        List<Projection> again = IntStream.range(0, batch.size())
                .filter(i -> after[i] < Projection.CANCELLATION * before[i])
                .mapToObj(batch::get)
                .toList();
        run(() -> blas.project(again));
    }

    @Override
    public List<Matrix> complement(List<Matrix> bases) {
        return cuda.operation(() -> qr.complement(bases));
    }

    @Override
    public void accumulateGram(List<GramUpdate> batch) {
        run(() -> blas.accumulateGram(batch));
    }

    @Override
    public void mirror(List<Matrix> batch) {
        run(() -> layout.mirror(batch, CudaLayout.Mirror.UPPER));
    }

    @Override
    public void addTransposes(List<Matrix> squares) {
        run(() -> layout.mirror(squares, CudaLayout.Mirror.SUM));
    }

    @Override
    public List<Eigen> eigh(List<Matrix> batch) {
        return cuda.operation(() -> eigen.eigh(batch));
    }

    @Override
    public List<Eigen> leadingEigh(List<LeadingEigen> batch) {
        return BlockKrylov.leading(this, batch);
    }

    @Override
    public List<Svd> svd(List<Matrix> batch) {
        return cuda.operation(() -> decompositions.svd(batch));
    }

    @Override
    public List<LowRankFactors> lowRank(List<LowRank> batch) {
        return cuda.operation(() -> rangeFinder.lowRank(batch));
    }

    @Override
    public void orthonormalize(List<Matrix> batch) {
        run(() -> qr.orthonormalize(batch));
    }

    @Override
    public List<EnergyRank> energyRanks(List<Spectrum> batch) {
        return cuda.operation(() -> ranks(batch));
    }

    private List<EnergyRank> ranks(List<Spectrum> batch) {
        try (CudaProblemTable table = new CudaProblemTable(RANK_FIELDS, batch.size());
                CudaArray results = new CudaArray(cuda, (long) RANK_NUMBERS * batch.size() * Double.BYTES)) {
            for (int i = 0; i < batch.size(); i++) {
                Spectrum spectrum = batch.get(i);
                Matrix energies = spectrum.energies();
                Matrix totals = spectrum.moment().orElse(energies);
                table.problem()
                        .put(energies.doubles())
                        .put((long) energies.rows())
                        .put(totals.doubles())
                        .put(totals.cols() + (spectrum.moment().isPresent() ? 1L : 0L))
                        .put((long) totals.rows())
                        .put(spectrum.share())
                        .put(results.doubles((long) RANK_NUMBERS * i));
            }
            CudaKlr.check("klr_energy_rank", CudaKlr.energyRank(table.pointer(), table.rows(), cuda.stream()));
            double[] numbers = results.readDoubles();
            return IntStream.range(0, batch.size())
                    .map(i -> RANK_NUMBERS * i)
                    .mapToObj(i -> new EnergyRank((int) numbers[i], numbers[i + 1], numbers[i + 2]))
                    .toList();
        }
    }

    @Override
    public void add(List<Addition> batch) {
        run(() -> blas.add(batch));
    }

    @Override
    public double[] traces(List<Matrix> batch) {
        return cuda.operation(() -> layout.traces(batch));
    }

    @Override
    public List<double[]> toHost(List<Matrix> batch) {
        return cuda.operation(() -> layout.toHost(batch));
    }

    @Override
    public double[] norms(List<Matrix> batch) {
        return cuda.operation(() -> layout.norms(batch));
    }

    @Override
    public double[] largestMagnitudes(List<Matrix> batch) {
        return cuda.operation(() -> layout.largestMagnitudes(batch));
    }

    @Override
    public List<Asymmetry> asymmetries(List<Matrix> batch) {
        return cuda.operation(() -> blas.asymmetries(batch));
    }

    @Override
    public List<Matrix> assemble(List<Assembly> batch) {
        return cuda.operation(() -> layout.assemble(batch));
    }

    @Override
    public Matrix transpose(Matrix matrix) {
        return cuda.operation(() -> layout.transpose(matrix));
    }

    @Override
    public void close() {
        cuda.close();
    }
}
