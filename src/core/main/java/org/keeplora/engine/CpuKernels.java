package org.keeplora.engine;

import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.keeplora.engine.OperandCheck.Values;

/** The OpenBLAS backend: one worker per problem of a batch, according to the thread policy of the package. */
final class CpuKernels implements LinalgKernels {
    private final CpuThreads threads;

    CpuKernels(int threads) {
        this.threads = new CpuThreads(threads);
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
    public Matrix uninitialized(int rows, int cols, ElementType type) {
        return Matrix.uninitialized(rows, cols, type);
    }

    @Override
    public Matrix wrap(int rows, int cols, ElementType type, Pointer memory) {
        return new Matrix(rows, cols, type, new HostStorage(memory, false));
    }

    @Override
    public int firstBeyond(List<Values> operands) {
        int index = 0;
        while (index < operands.size() && CpuMagnitudes.within(operands.get(index))) {
            index++;
        }
        return index;
    }

    @Override
    public void multiply(List<Product> batch) {
        threads.each(batch, CpuKernels::elements, CpuBlas::multiply);
    }

    private static long elements(Product p) {
        return Math.max(
                p.target().elements(),
                Math.max(p.left().matrix().elements(), p.right().matrix().elements()));
    }

    @Override
    public void project(List<Projection> batch) {
        threads.each(
                batch,
                p -> Math.max(p.basis().elements(), p.target().elements()),
                p -> CpuBlas.project(p.projector(), p.target()));
    }

    @Override
    public List<Matrix> complement(List<Matrix> bases) {
        return Scope.handOver(made -> threads.map(bases, basis -> made.keep(CpuQr.complement(basis))));
    }

    @Override
    public void accumulateGram(List<GramUpdate> batch) {
        threads.each(batch, CpuBlas::accumulateGram);
    }

    @Override
    public List<Eigen> eigh(List<Matrix> batch) {
        return Scope.handOver(made -> threads.map(batch, matrix -> made.keep(CpuDecompositions.eigh(matrix))));
    }

    @Override
    public List<Svd> svd(List<Matrix> batch) {
        return Scope.handOver(made -> threads.map(batch, matrix -> made.keep(CpuDecompositions.svd(matrix))));
    }

    @Override
    public List<LowRankFactors> lowRank(List<LowRank> batch) {
        return Scope.handOver(
                made -> threads.map(batch, p -> p.matrix().elements(), p -> made.keep(CpuRangeFinder.lowRank(p))));
    }

    @Override
    public void orthonormalize(List<Matrix> batch) {
        threads.each(batch, CpuQr::orthonormalize);
    }

    @Override
    public void add(List<Addition> batch) {
        threads.each(batch, CpuBlas::add);
    }

    @Override
    public List<EnergyRank> energyRanks(List<Spectrum> batch) {
        return batch.stream().map(CpuEnergyRank::of).toList();
    }

    @Override
    public double[] norms(List<Matrix> batch) {
        return batch.stream().mapToDouble(CpuMagnitudes::norm).toArray();
    }

    @Override
    public double[] largestMagnitudes(List<Matrix> batch) {
        return batch.stream().mapToDouble(CpuMagnitudes::largest).toArray();
    }

    @Override
    public double[] asymmetries(List<Matrix> batch) {
        return batch.stream().mapToDouble(CpuMagnitudes::asymmetry).toArray();
    }

    @Override
    public Matrix columns(Matrix matrix, int first, int count) {
        return CpuLayout.columns(matrix, first, count);
    }

    @Override
    public Matrix concatColumns(Matrix left, Matrix right) {
        return CpuLayout.concatColumns(left, right);
    }

    @Override
    public Matrix transpose(Matrix matrix) {
        return CpuLayout.transpose(matrix);
    }

    @Override
    public Matrix convert(Matrix matrix, ElementType type) {
        return CpuLayout.convert(matrix, type);
    }

    @Override
    public void close() {
        threads.close();
    }
}
