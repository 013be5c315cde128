package org.keeplora.engine;

import java.util.List;
import org.bytedeco.javacpp.Pointer;

/** The operations of a backend. {@link Linalg} documents them and checks the arguments; a kernel only computes. */
sealed interface LinalgKernels extends AutoCloseable permits CpuKernels, CudaKernels {
    String name();

    int threads();

    /** Where operands and results lie. */
    Place place();

    /** New memory for a matrix at {@link #place}, not initialised. */
    Matrix uninitialized(int rows, int cols, ElementType type);

    /** A matrix over memory of the caller at {@link #place}, which holds enough elements. */
    Matrix wrap(int rows, int cols, ElementType type, Pointer memory);

    /** Index of the first matrix with an element that is not a finite number, or the size of the list. */
    int firstNonFinite(List<Matrix> matrices);

    void multiply(List<Product> batch);

    void project(List<Projection> batch);

    List<Matrix> complement(List<Matrix> bases);

    void accumulateGram(List<GramUpdate> batch);

    List<Eigen> eigh(List<Matrix> batch);

    List<Svd> svd(List<Matrix> batch);

    List<LowRankFactors> lowRank(List<LowRank> batch);

    void orthonormalize(List<Matrix> batch);

    List<EnergyRank> energyRanks(List<Spectrum> batch);

    void add(List<Addition> batch);

    double[] norms(List<Matrix> batch);

    double[] largestMagnitudes(List<Matrix> batch);

    Matrix columns(Matrix matrix, int first, int count);

    Matrix concatColumns(Matrix left, Matrix right);

    Matrix transpose(Matrix matrix);

    Matrix convert(Matrix matrix, ElementType type);

    @Override
    void close();
}
