package org.keeplora.engine;

import org.bytedeco.javacpp.IntPointer;

/**
 * A cuSOLVER method for many symmetric eigenproblems of one size. The fastest one depends on the size
 * (benchmarks/EXPERIMENTS.md, 17).
 */
interface CudaEigenSolver {
    /**
     * Enqueues the decompositions; waits for nothing.
     *
     * @param matrices [count · n x n] float64, row-major, one symmetric matrix below the other; only the lower
     *     triangles are read. Afterwards their eigenvectors in rows, by ascending eigenvalue
     * @param values [count x n] float64: receives the eigenvalues, ascending
     * @param infos [count] on the device: receives cuSOLVER's info of each problem, 0 where it converged
     */
    void enqueue(int n, int count, Matrix matrices, Matrix values, IntPointer infos);
}
