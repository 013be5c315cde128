package org.keeplora.engine;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import org.bytedeco.javacpp.Pointer;
import org.keeplora.engine.OperandCheck.Values;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.Assembly;
import org.keeplora.engine.internal.BlasThreads;
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

/** The OpenBLAS backend: problems and slices of large products on several threads, by the policy of the package. */
final class CpuKernels implements LinalgKernels {
    private final CpuWorkers workers;
    private final CpuThreads threads;
    private final CpuProducts products;

    CpuKernels(int threads) {
        this.workers = new CpuWorkers(threads);
        this.threads = new CpuThreads(workers);
        this.products = new CpuProducts(workers);
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public int threads() {
        return threads.count();
    }

    @Override
    public Place place() {
        return Place.HOST;
    }

    @Override
    public OptionalLong stream() {
        return OptionalLong.empty();
    }

    @Override
    public Matrix uninitialized(int rows, int cols, ElementType type) {
        return Matrix.uninitialized(rows, cols, type);
    }

    @Override
    public Matrix wrap(int rows, int cols, ElementType type, Pointer memory, OptionalLong lender) {
        return new Matrix(rows, cols, type, HostStorage.shared(memory));
    }

    @Override
    public int firstBeyond(List<Values> operands) {
        try (BlasThreads.Use use = BlasThreads.single()) {
            return CpuMagnitudes.firstBeyond(operands, workers);
        }
    }

    @Override
    public void multiply(List<Product> batch) {
        threads.each(batch, CpuProducts::operations, products::multiply);
    }

    @Override
    public List<Matrix> products(List<Factors> batch) {
        return threads.map(batch, CpuProducts::operations, f -> products.product(f.left(), f.right()));
    }

    @Override
    public void projectOut(List<Projection> batch) {
        threads.each(batch, CpuProducts::operations, products::projectOut);
    }

    @Override
    public List<Matrix> complement(List<Matrix> bases) {
        return threads.decompose(bases, CpuQr::complementWork, CpuQr::complement);
    }

    @Override
    public void accumulateGram(List<GramUpdate> batch) {
        threads.each(batch, CpuProducts::operations, products::accumulateGram);
    }

    @Override
    public void mirror(List<Matrix> batch) {
        threads.each(batch, CpuProducts::mirrorWork, products::mirror);
    }

    @Override
    public void addTransposes(List<Matrix> squares) {
        threads.each(squares, CpuProducts::mirrorWork, products::addTranspose);
    }

    @Override
    public List<Eigen> eigh(List<Matrix> batch) {
        return threads.decompose(batch, CpuDecompositions::eighWork, CpuDecompositions::eigh);
    }

    /** Each problem steps on its own, so that its matrix stays in the cache of a core. */
    @Override
    public List<Eigen> leadingEigh(List<LeadingEigen> batch) {
        return threads.map(batch, KrylovSearch::work, problem -> BlockKrylov.leading(this, List.of(problem))
                .get(0));
    }

    @Override
    public List<Svd> svd(List<Matrix> batch) {
        return threads.decompose(batch, CpuDecompositions::svdWork, CpuDecompositions::svd);
    }

    @Override
    public List<LowRankFactors> lowRank(List<LowRank> batch) {
        return threads.map(batch, CpuRangeFinder::work, problem -> CpuRangeFinder.lowRank(products, problem));
    }

    @Override
    public void orthonormalize(List<Matrix> batch) {
        threads.each(batch, CpuQr::orthonormalizeWork, matrix -> CpuQr.orthonormalize(products, matrix));
    }

    @Override
    public void add(List<Addition> batch) {
        threads.each(batch, addition -> addition.target().elements(), CpuBlas::add);
    }

    @Override
    public List<EnergyRank> energyRanks(List<Spectrum> batch) {
        return batch.stream().map(CpuEnergyRank::of).toList();
    }

    @Override
    public double[] traces(List<Matrix> batch) {
        return numbers(batch, CpuMagnitudes::trace);
    }

    @Override
    public List<double[]> toHost(List<Matrix> batch) {
        return batch.stream().map(Matrix::toDoubles).toList();
    }

    @Override
    public double[] norms(List<Matrix> batch) {
        return numbers(batch, CpuMagnitudes::norm);
    }

    @Override
    public double[] largestMagnitudes(List<Matrix> batch) {
        return numbers(batch, CpuMagnitudes::largest);
    }

    @Override
    public List<Asymmetry> asymmetries(List<Matrix> batch) {
        try (BlasThreads.Use use = BlasThreads.single()) {
            return batch.stream()
                    .map(matrix -> new Asymmetry(CpuMagnitudes.asymmetry(matrix), CpuMagnitudes.largest(matrix)))
                    .toList();
        }
    }

    private static double[] numbers(List<Matrix> batch, ToDoubleFunction<Matrix> number) {
        try (BlasThreads.Use use = BlasThreads.single()) {
            return batch.stream().mapToDouble(number).toArray();
        }
    }

    @Override
    public List<Matrix> assemble(List<Assembly> batch) {
        return threads.map(batch, CpuLayout::assemblyWork, CpuLayout::assemble);
    }

    @Override
    public Matrix transpose(Matrix matrix) {
        return CpuLayout.transpose(matrix);
    }

    @Override
    public void close() {
        threads.close();
    }
}
