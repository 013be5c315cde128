package org.keeplora.engine;

import java.util.List;

/**
 * What a backend computes. Arguments were checked by {@link Linalg}, whose documentation is the contract; a kernel only computes.
 */
sealed interface LinalgKernels extends AutoCloseable permits CpuKernels {
    String name();

    int threads();

    /** Whether every element is a finite number. */
    boolean isFinite(Matrix matrix);

    void multiply(List<Product> batch);

    void project(List<Projection> batch);

    List<Matrix> complement(List<Matrix> bases);

    void accumulateGram(List<GramUpdate> batch);

    List<Eigen> eigh(List<Matrix> batch);

    List<Svd> svd(List<Matrix> batch);

    List<Svd> lowRank(List<LowRank> batch);

    void orthonormalize(List<Matrix> batch);

    void add(List<Addition> batch);

    double norm(Matrix matrix);

    Matrix columns(Matrix matrix, int first, int count);

    Matrix concatColumns(Matrix left, Matrix right);

    Matrix transpose(Matrix matrix);

    Matrix convert(Matrix matrix, ElementType type);

    @Override
    void close();
}
