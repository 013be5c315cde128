package org.keeplora.bench;

import java.util.List;
import java.util.stream.IntStream;
import org.keeplora.engine.EigenSolver;
import org.keeplora.engine.internal.BatchLinalg;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * Measures which of cuSOLVER's solvers is fastest for a batch of eigenproblems, by their size; only for the CUDA
 * backend.
 */
public class EigenSolverBenchmark extends EigenproblemSuite {
    @Param
    public EigenSolver solver;

    /** Side of each matrix; 468 is the dimension that remains of 768 when 300 directions are protected. */
    @Param({"128", "256", "468", "768"})
    public int size;

    /** Number of matrices in a batch: the distinct inputs of ViT-B/16, and its sites. */
    @Param({"48", "96"})
    public int count;

    @Override
    List<SiteShape> sites() {
        return IntStream.range(0, count)
                .mapToObj(input -> new SiteShape(size, 0, input, 0, SiteShape.Energies.ALTERNATING))
                .toList();
    }

    @Override
    BatchLinalg open(int threads) {
        if (backend != Backend.CUDA) {
            throw new IllegalStateException("backend " + backend + " has one solver; compare those of CUDA");
        }
        return solver.open(threads);
    }

    @Benchmark
    public double eigh() {
        return side().shot();
    }
}
