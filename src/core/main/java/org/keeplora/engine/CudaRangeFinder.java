package org.keeplora.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.keeplora.engine.internal.LowRank;
import org.keeplora.engine.internal.LowRankFactors;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Svd;

/**
 * The host's randomised range finder ({@link CpuRangeFinder}), enqueued for a whole batch without waiting for
 * intermediate results. Failures are read once, at the end. If too little of a matrix lay outside the span, R is formed
 * and all such problems are tried again together. If columns depended on each other beyond float32's rounding, as
 * those of zeros do, R is decomposed exactly.
 *
 * <p>F is decomposed by the eigenproblem of F·Fᵀ in float64, which keeps all the accuracy of float32 products. Matrices
 * in float64 are decomposed exactly.
 */
final class CudaRangeFinder {
    private final Cuda cuda;
    private final CudaLayout layout;
    private final CudaBlas blas;
    private final CudaQr qr;
    private final CudaEigen eigen;
    private final CudaDecompositions decompositions;

    CudaRangeFinder(Cuda cuda, CudaQr qr, CudaEigen eigen, CudaDecompositions decompositions) {
        this.cuda = cuda;
        this.blas = qr.blas();
        this.layout = blas.layout();
        this.qr = qr;
        this.eigen = eigen;
        this.decompositions = decompositions;
    }

    List<LowRankFactors> lowRank(List<LowRank> batch) {
        LowRankFactors[] results = new LowRankFactors[batch.size()];
        List<Integer> sketched = CudaQr.indices(batch, CudaRangePass::takes);
        sketched.stream()
                .mapToInt(i -> batch.get(i).powerIterations())
                .distinct()
                .forEach(iterations -> sketch(
                        sketched.stream()
                                .filter(i -> batch.get(i).powerIterations() == iterations)
                                .toList(),
                        batch,
                        results));
        for (int i = 0; i < results.length; i++) {
            results[i] = results[i] == null ? exact(batch.get(i)) : results[i];
        }
        return Arrays.asList(results);
    }

    /** Fills in the results of the members that succeed; the others stay empty. */
    private void sketch(List<Integer> members, List<LowRank> batch, LowRankFactors[] results) {
        List<Integer> cancelled =
                attempt(members, members.stream().map(batch::get).toList(), results);
        List<LowRank> residuals = new ArrayList<>();
        try {
            cancelled.forEach(i -> residuals.add(residual(batch.get(i))));
            attempt(cancelled, residuals, results);
        } finally {
            residuals.forEach(problem -> problem.matrix().close());
        }
    }

    /** Forms R. It is projected twice because it is small. */
    private LowRank residual(LowRank problem) {
        Matrix residual = layout.convert(problem.matrix(), problem.matrix().type());
        problem.projector().ifPresent(projector -> {
            blas.project(List.of(new Projection(residual, projector)));
            blas.project(List.of(new Projection(residual, projector)));
        });
        return LowRank.of(residual, problem.rank(), problem.sketch(), problem.powerIterations(), problem.seed());
    }

    /** Decomposes R directly. */
    private LowRankFactors exact(LowRank problem) {
        LowRank formed = residual(problem);
        try (Matrix residual = formed.matrix();
                Svd svd = decompositions.svd(residual);
                Matrix left = layout.columns(svd.left(), 0, problem.rank())) {
            Matrix basis = layout.convert(left, left.type());
            problem.projector().ifPresent(projector -> {
                blas.project(List.of(new Projection(basis, projector)));
                qr.orthonormalize(List.of(basis));
            });
            Matrix right = blas.products(List.of(Operand.transposed(left)), List.of(Operand.of(residual)))
                    .get(0);
            return new LowRankFactors(basis, right);
        }
    }

    /**
     * Tries the problems, one for each of {@code members}.
     *
     * @return the members whose matrix had too little outside the span
     */
    private List<Integer> attempt(List<Integer> members, List<LowRank> problems, LowRankFactors[] results) {
        if (problems.isEmpty()) {
            return List.of();
        }
        try (CudaRangePass attempt = new CudaRangePass(cuda, qr, eigen, problems)) {
            return attempt.run(members, results);
        }
    }
}
