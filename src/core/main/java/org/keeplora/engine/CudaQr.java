package org.keeplora.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.keeplora.engine.CudaLayout.Diagonal;
import org.keeplora.engine.internal.Assembly;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.ResourceScope;

/**
 * Orthonormal columns by Cholesky passes (CholeskyQR2, as on the host), enqueued for the whole batch. A flag on the
 * device records if the columns of a problem were nearly dependent; it is read once, at the end.
 */
final class CudaQr {
    /**
     * As on the host: largest safe distance of the second Cholesky factor from I. Beyond it the second pass would not
     * reach rounding level.
     */
    private static final double SAFE_DEVIATION = 0.1;

    /** As on the host: largest ‖E‖ for one Newton step. */
    private static final double NEARLY = 1e-6;

    /** As on the host: what is left of a float32 column below it comes near the end of the type's range. */
    private static final double WEAKEST = 1e-30;

    /**
     * Part by which the squared lengths grow before columns are conditioned: above the rounding of their products in
     * float64, near that of their elements in float32. So columns that depend on each other but for that, as those of a
     * sketch of little rank, stay apart.
     */
    private static final double SHIFT = 1e-13;

    /** Most columns whose factor fits the shared memory of a block: KLR_CHOLESKY_MAX. */
    private static final int MOST_COLUMNS = 128;

    private static final int FIELDS = 7;

    private final Cuda cuda;
    private final CudaLayout layout;
    private final CudaBlas blas;
    private final CudaHouseholder householder;
    private final CudaComplement complements;

    CudaQr(Cuda cuda, CudaBlas blas) {
        this.cuda = cuda;
        this.layout = blas.layout();
        this.blas = blas;
        this.householder = new CudaHouseholder(cuda, layout);
        this.complements = new CudaComplement(blas);
    }

    CudaBlas blas() {
        return blas;
    }

    List<Matrix> complement(List<Matrix> bases) {
        List<Matrix> results = bases.stream()
                .map(basis -> layout.uninitialized(basis.rows(), basis.rows() - basis.cols(), basis.type()))
                .toList();
        List<Integer> narrow = indices(bases, CudaComplement::takes);
        indices(bases, basis -> !CudaComplement.takes(basis))
                .forEach(i -> householder.complement(bases.get(i), results.get(i)));
        if (!narrow.isEmpty()) {
            try (ResourceScope scope = new ResourceScope()) {
                List<Matrix> wide = scope.keep(
                        layout.convert(narrow.stream().map(bases::get).toList(), ElementType.F64));
                orthonormalize(wide);
                complements.of(wide, narrow.stream().map(results::get).toList());
            }
        }
        return results;
    }

    /** Where in the batch those are that are wanted. */
    static <T> List<Integer> indices(List<T> batch, Predicate<T> wanted) {
        return IntStream.range(0, batch.size())
                .filter(i -> wanted.test(batch.get(i)))
                .boxed()
                .toList();
    }

    void orthonormalize(List<Matrix> batch) {
        List<Matrix> narrow = batch.stream()
                .filter(matrix -> matrix.cols() > 0 && matrix.cols() <= MOST_COLUMNS)
                .toList();
        List<Matrix> wide =
                batch.stream().filter(matrix -> matrix.cols() > MOST_COLUMNS).toList();
        if (!wide.isEmpty()) {
            newtonStep(wide).forEach(matrix -> householder.orthonormalize(matrix, matrix));
        }
        if (!narrow.isEmpty()) {
            orthonormalizeNarrow(narrow);
        }
    }

    /** Waits for the flags; what the passes fail for is left to Householder reflections. */
    private void orthonormalizeNarrow(List<Matrix> narrow) {
        List<Matrix> before = layout.assemble(narrow.stream()
                .map(matrix -> Assembly.of(matrix.type(), matrix))
                .toList());
        try (CudaArray failed = flags(narrow.size())) {
            orthonormalize(narrow, failed);
            long[] flags = failed.readLongs();
            for (int i = 0; i < flags.length; i++) {
                if (flags[i] != 0) {
                    householder.orthonormalize(before.get(i), narrow.get(i));
                }
            }
        } finally {
            before.forEach(Matrix::close);
        }
    }

    /**
     * As on the host: columns ← columns·(I − E/2) with E = columnsᵀ·columns − I. Waits for ‖E‖; returns the matrices
     * that are left unchanged as it is too large.
     */
    private List<Matrix> newtonStep(List<Matrix> batch) {
        try (ResourceScope scope = new ResourceScope()) {
            List<Matrix> wide = scope.keep(layout.convert(batch, ElementType.F64));
            List<Matrix> deviations = layout.diagonals(
                    wide.stream()
                            .map(matrix -> Diagonal.of(matrix.cols(), matrix.cols(), 0, -1))
                            .toList(),
                    scope);
            blas.multiply(each(
                    batch,
                    i -> new Product(
                            deviations.get(i), 1, Operand.transposed(wide.get(i)), Operand.of(wide.get(i)), 1)));
            double[] norms = layout.norms(deviations);
            List<Integer> near = IntStream.range(0, norms.length)
                    .filter(i -> norms[i] <= NEARLY)
                    .boxed()
                    .toList();
            List<Matrix> closest =
                    scope.keep(layout.convert(near.stream().map(wide::get).toList(), ElementType.F64));
            blas.multiply(each(near, i -> {
                int member = near.get(i);
                return new Product(
                        closest.get(i), -0.5, Operand.of(wide.get(member)), Operand.of(deviations.get(member)), 1);
            }));
            layout.copy(each(near, i -> CudaCopy.of(closest.get(i), batch.get(near.get(i)))));
            return IntStream.range(0, norms.length)
                    .filter(i -> !near.contains(i))
                    .mapToObj(batch::get)
                    .toList();
        }
    }

    private static <T> List<T> each(List<?> batch, IntFunction<T> problem) {
        return IntStream.range(0, batch.size()).mapToObj(problem).toList();
    }

    /** One flag of eight bytes for each of {@code problems}, not set. */
    CudaArray flags(int problems) {
        CudaArray flags = new CudaArray(cuda, (long) problems * Long.BYTES);
        flags.clear();
        return flags;
    }

    /**
     * Makes the columns orthonormal to rounding. Otherwise sets the flag, and the columns are unusable. Takes at most
     * {@link #MOST_COLUMNS} columns.
     */
    void orthonormalize(List<Matrix> batch, CudaArray failed) {
        choleskyPasses(batch, failed, new Pass(0, Double.POSITIVE_INFINITY), new Pass(0, SAFE_DEVIATION));
    }

    /** New columns for the same span, with condition near 1: enough for a power iteration between two products. */
    void condition(List<Matrix> batch, CudaArray failed) {
        choleskyPasses(batch, failed, new Pass(SHIFT, Double.POSITIVE_INFINITY));
    }

    /** Whether {@link #orthonormalize(List, CudaArray)} accepts {@code cols} columns. */
    static boolean takes(int cols) {
        return cols <= MOST_COLUMNS;
    }

    /** @param deviation largest of F from I */
    private record Pass(double shift, double deviation) {}

    /**
     * columns ← columns·F⁻¹ for each pass, with FᵀF = columnsᵀ·columns, its diagonal times 1 + shift. In float64 from
     * the first to the last, as F⁻¹ amplifies a rounding by up to the condition of the columns.
     */
    private void choleskyPasses(List<Matrix> batch, CudaArray failed, Pass... passes) {
        List<Matrix> owned = new ArrayList<>();
        try {
            List<Matrix> columns = layout.convert(batch, ElementType.F64);
            owned.addAll(columns);
            for (Pass pass : passes) {
                List<Matrix> grams = products(columns, Operand::transposed, columns);
                owned.addAll(grams);
                List<Matrix> inverses = invertFactors(grams, pass, failed);
                owned.addAll(inverses);
                columns = products(columns, Operand::of, inverses);
                owned.addAll(columns);
            }
            List<Matrix> last = columns;
            layout.copy(IntStream.range(0, batch.size())
                    .mapToObj(i -> CudaCopy.of(last.get(i), batch.get(i)))
                    .toList());
        } finally {
            owned.forEach(Matrix::close);
        }
    }

    private List<Matrix> products(List<Matrix> lefts, Function<Matrix, Operand> side, List<Matrix> rights) {
        return blas.products(
                lefts.stream().map(side).toList(),
                rights.stream().map(Operand::of).toList());
    }

    /** New matrices F⁻¹, float64. */
    private List<Matrix> invertFactors(List<Matrix> grams, Pass pass, CudaArray failed) {
        List<Matrix> inverses = new ArrayList<>();
        try (CudaProblemTable table = new CudaProblemTable(FIELDS, grams.size())) {
            for (int i = 0; i < grams.size(); i++) {
                Matrix gram = grams.get(i);
                Matrix inverse = layout.uninitialized(gram.rows(), gram.cols(), ElementType.F64);
                inverses.add(inverse);
                table.problem()
                        .put(gram.doubles())
                        .put(inverse.doubles())
                        .put((long) gram.rows())
                        .put(pass.shift)
                        .put(WEAKEST)
                        .put(pass.deviation)
                        .put(failed.longs(i));
            }
            CudaKlr.check(
                    "klr_cholesky_inverse", CudaKlr.choleskyInverse(table.pointer(), table.rows(), cuda.stream()));
        }
        return inverses;
    }
}
