package org.keeplora.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.LowRank;
import org.keeplora.engine.internal.LowRankFactors;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Projector;

/**
 * One pass of the range finder over a batch of problems with the same number of power iterations. Waits only at its
 * end.
 */
final class CudaRangePass implements AutoCloseable {
    private static final int SIGN_FIELDS = 4;

    private final Cuda cuda;
    private final CudaLayout layout;
    private final CudaBlas blas;
    private final CudaQr qr;
    private final CudaEigen eigen;
    private final List<LowRank> problems;
    private final List<Matrix> owned = new ArrayList<>();
    private final List<Matrix> matrices;
    private final List<Matrix> ranges;
    private final List<Matrix> coRanges;
    private final CudaArray failed;

    /** Every problem must be {@link #takes accepted}. */
    CudaRangePass(Cuda cuda, CudaQr qr, CudaEigen eigen, List<LowRank> problems) {
        this.cuda = cuda;
        this.qr = qr;
        this.eigen = eigen;
        this.blas = qr.blas();
        this.layout = blas.layout();
        this.problems = problems;
        this.failed = qr.flags(problems.size());
        this.matrices = problems.stream().map(LowRank::matrix).toList();
        this.ranges = matrices(problem -> problem.matrix().rows());
        this.coRanges = matrices(problem -> problem.matrix().cols());
    }

    /** Whether a problem can be tried: float32, and a sketch with no more columns than a Cholesky pass accepts. */
    static boolean takes(LowRank problem) {
        int columns = columns(problem);
        return problem.matrix().type() == ElementType.F32 && columns > 0 && CudaQr.takes(columns);
    }

    /** Number of columns of the sketch. */
    private static int columns(LowRank problem) {
        return Math.min(
                problem.sketch(),
                Math.min(problem.matrix().rows(), problem.matrix().cols()));
    }

    private List<Matrix> matrices(Function<LowRank, Integer> rows) {
        return own(problems.stream()
                .map(problem -> layout.uninitialized(
                        rows.apply(problem), columns(problem), problem.matrix().type()))
                .toList());
    }

    private List<Matrix> own(List<Matrix> created) {
        owned.addAll(created);
        return created;
    }

    /**
     * Fills in the results of the problems that succeed.
     *
     * @param members where each problem's result belongs
     * @return the members whose matrix had too little outside the span
     */
    List<Integer> run(List<Integer> members, LowRankFactors[] results) {
        randomSigns();
        multiply(matrices, Operand::of, coRanges, ranges);
        try (CudaArray before = layout.enqueueMagnitudes(ranges)) {
            project(ranges);
            try (CudaArray after = layout.enqueueMagnitudes(ranges)) {
                iterate(problems.get(0).powerIterations());
                List<LowRankFactors> found = decompose();
                return sort(members, found, before.readDoubles(), after.readDoubles(), results);
            }
        }
    }

    private List<Integer> sort(
            List<Integer> members,
            List<LowRankFactors> found,
            double[] before,
            double[] after,
            LowRankFactors[] results) {
        long[] flags = failed.readLongs();
        List<Integer> cancelled = new ArrayList<>();
        for (int i = 0; i < flags.length; i++) {
            boolean little = after[2 * i] < Projection.CANCELLATION * before[2 * i];
            if (little) {
                cancelled.add(members.get(i));
            }
            if (little || flags[i] != 0) {
                found.get(i).close();
            } else {
                results[members.get(i)] = found.get(i);
            }
        }
        return cancelled;
    }

    private void randomSigns() {
        try (CudaProblemTable table = new CudaProblemTable(SIGN_FIELDS, problems.size())) {
            for (int i = 0; i < problems.size(); i++) {
                Matrix signs = coRanges.get(i);
                table.problem()
                        .put(signs.address())
                        .put(signs.elements())
                        .put(signs.type())
                        .put(problems.get(i).seed());
            }
            CudaKlr.check("klr_random_signs", CudaKlr.randomSigns(table.pointer(), table.rows(), cuda.stream()));
        }
    }

    private void iterate(int powerIterations) {
        for (int i = 1; i <= powerIterations; i++) {
            qr.condition(ranges, failed);
            multiply(matrices, Operand::transposed, ranges, coRanges);
            if (i < powerIterations) {
                qr.condition(coRanges, failed);
            } else {
                qr.orthonormalize(coRanges, failed);
            }
            multiply(matrices, Operand::of, coRanges, ranges);
            project(ranges);
        }
    }

    private void multiply(
            List<Matrix> lefts, Function<Matrix, Operand> side, List<Matrix> rights, List<Matrix> targets) {
        List<Product> products = new ArrayList<>();
        for (int i = 0; i < lefts.size(); i++) {
            products.add(Product.of(targets.get(i), side.apply(lefts.get(i)), Operand.of(rights.get(i))));
        }
        blas.multiply(products);
    }

    private void project(List<Matrix> targets) {
        List<Projection> projections = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            Optional<Projector> projector = problems.get(i).projector();
            if (projector.isPresent()) {
                projections.add(new Projection(targets.get(i), projector.get()));
            }
        }
        blas.project(projections);
    }

    /** From Z and Y = R Z to the leading triples of R: Y = Q F, F·Fᵀ = U Σ² Uᵀ, left = Q U, right = Uᵀ F Zᵀ. */
    private List<LowRankFactors> decompose() {
        List<Matrix> q = own(layout.convert(ranges, ElementType.F32));
        qr.orthonormalize(q, failed);
        List<Matrix> f = products(q, Operand::transposed, ranges, Operand::of);
        List<Matrix> wide = own(layout.convert(f, ElementType.F64));
        List<Matrix> squares = products(wide, Operand::of, wide, Operand::transposed);
        try (CudaEigen.Enqueued eigens = eigen.enqueue(squares)) {
            eigens.results().forEach(result -> own(List.of(result.values(), result.vectors())));
            List<Matrix> u = own(leading(eigens.results()));
            List<Matrix> coefficients = products(u, Operand::transposed, f, Operand::of);
            List<Matrix> lefts = blas.products(operands(q, Operand::of), operands(u, Operand::of));
            // orthonormalising amplified what rounding had left inside the span
            project(lefts);
            qr.orthonormalize(lefts, failed);
            List<Matrix> rights =
                    blas.products(operands(coefficients, Operand::of), operands(coRanges, Operand::transposed));
            eigens.requireConverged();
            return IntStream.range(0, lefts.size())
                    .mapToObj(i -> new LowRankFactors(lefts.get(i), rights.get(i)))
                    .toList();
        }
    }

    /** The leading eigenvectors of each problem, rounded to float32. */
    private List<Matrix> leading(List<Eigen> eigens) {
        List<Matrix> leading = new ArrayList<>();
        List<CudaCopy> copies = new ArrayList<>();
        for (int i = 0; i < eigens.size(); i++) {
            Matrix vectors = eigens.get(i).vectors();
            Matrix target = layout.uninitialized(vectors.rows(), problems.get(i).rank(), ElementType.F32);
            leading.add(target);
            copies.add(CudaCopy.columns(vectors, 0, target));
        }
        layout.copy(copies);
        return leading;
    }

    private List<Matrix> products(
            List<Matrix> lefts, Function<Matrix, Operand> left, List<Matrix> rights, Function<Matrix, Operand> right) {
        return own(blas.products(operands(lefts, left), operands(rights, right)));
    }

    private static List<Operand> operands(List<Matrix> matrices, Function<Matrix, Operand> side) {
        return matrices.stream().map(side).toList();
    }

    @Override
    public void close() {
        owned.forEach(Matrix::close);
        failed.close();
    }
}
