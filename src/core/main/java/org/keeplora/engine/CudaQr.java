package org.keeplora.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.keeplora.engine.internal.Operand;

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

    /** As on the host: below it the reciprocals in F⁻¹ come near the end of float32's range. */
    private static final double WEAKEST = 1e-30;

    /** Most columns whose factor fits the shared memory of a block: KLR_CHOLESKY_MAX. */
    private static final int MOST_COLUMNS = 128;

    private static final int FIELDS = 7;

    private final Cuda cuda;
    private final CudaLayout layout;
    private final CudaBlas blas;
    private final CudaHouseholder householder;

    CudaQr(Cuda cuda, CudaBlas blas) {
        this.cuda = cuda;
        this.layout = blas.layout();
        this.blas = blas;
        this.householder = new CudaHouseholder(cuda, layout);
    }

    CudaBlas blas() {
        return blas;
    }

    List<Matrix> complement(List<Matrix> bases) {
        return bases.stream().map(householder::complement).toList();
    }

    void orthonormalize(List<Matrix> batch) {
        List<Matrix> narrow = batch.stream()
                .filter(matrix -> matrix.cols() > 0 && matrix.cols() <= MOST_COLUMNS)
                .toList();
        batch.stream()
                .filter(matrix -> matrix.cols() > MOST_COLUMNS)
                .forEach(matrix -> householder.orthonormalize(matrix, matrix));
        List<Matrix> before = List.of();
        try (CudaArray failed = flags(narrow.size())) {
            before = narrow.stream()
                    .map(matrix -> layout.convert(matrix, matrix.type()))
                    .toList();
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
        choleskyPass(batch, Double.POSITIVE_INFINITY, failed);
        choleskyPass(batch, SAFE_DEVIATION, failed);
    }

    /** New columns for the same span, with condition near 1: enough for a power iteration between two products. */
    void condition(List<Matrix> batch, CudaArray failed) {
        choleskyPass(batch, Double.POSITIVE_INFINITY, failed);
    }

    /** Whether {@link #orthonormalize(List, CudaArray)} accepts {@code cols} columns. */
    static boolean takes(int cols) {
        return cols <= MOST_COLUMNS;
    }

    /**
     * columns ← columns·F⁻¹, with FᵀF = columnsᵀ·columns; Gram matrix and F in float64, the product in the columns' own
     * type.
     */
    private void choleskyPass(List<Matrix> batch, double safe, CudaArray failed) {
        List<Matrix> owned = new ArrayList<>();
        try {
            List<Matrix> wide = layout.convert(batch, ElementType.F64);
            owned.addAll(wide);
            List<Matrix> grams = blas.products(
                    wide.stream().map(Operand::transposed).toList(),
                    wide.stream().map(Operand::of).toList());
            owned.addAll(grams);
            List<Matrix> inverses = batch.stream()
                    .map(matrix -> layout.uninitialized(matrix.cols(), matrix.cols(), matrix.type()))
                    .toList();
            owned.addAll(inverses);
            invertFactors(grams, inverses, safe, failed);
            List<Matrix> products = blas.products(
                    batch.stream().map(Operand::of).toList(),
                    inverses.stream().map(Operand::of).toList());
            owned.addAll(products);
            layout.copy(IntStream.range(0, batch.size())
                    .mapToObj(i -> CudaCopy.of(products.get(i), batch.get(i)))
                    .toList());
        } finally {
            owned.forEach(Matrix::close);
        }
    }

    private void invertFactors(List<Matrix> grams, List<Matrix> inverses, double safe, CudaArray failed) {
        try (CudaProblemTable table = new CudaProblemTable(FIELDS, grams.size())) {
            for (int i = 0; i < grams.size(); i++) {
                table.problem()
                        .put(grams.get(i).doubles())
                        .put(inverses.get(i).address())
                        .put(inverses.get(i).type())
                        .put((long) grams.get(i).rows())
                        .put(WEAKEST)
                        .put(safe)
                        .put(failed.longs(i));
            }
            CudaKlr.check(
                    "klr_cholesky_inverse", CudaKlr.choleskyInverse(table.pointer(), table.rows(), cuda.stream()));
        }
    }
}
