package org.keeplora.engine;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.CblasUpper;
import static org.bytedeco.openblas.global.openblas.cblas_daxpy;
import static org.bytedeco.openblas.global.openblas.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas.cblas_dscal;
import static org.bytedeco.openblas.global.openblas.cblas_dsyrk;
import static org.bytedeco.openblas.global.openblas.cblas_saxpy;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas.cblas_sscal;

import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.openblas.global.openblas_full;
import org.keeplora.engine.Operand.Orientation;

/** Products on OpenBLAS, one problem at a time on the calling thread. */
final class CpuBlas {
    /**
     * Number of rows widened to float64 at a time: 256 x 768 doubles are 1.5 MB, which stays in a core's cache between
     * the two calls.
     */
    private static final int WIDENED_ROWS = 256;

    private CpuBlas() {}

    /** Names and paths of the loaded OpenBLAS. */
    static List<String> facts() {
        String config = openblas_full.openblas_get_config().getString();
        String core = openblas_full.openblas_get_corename().getString();
        return List.of(
                config + ", kernels for " + core, String.join(", ", LoadedLibraries.of(List.of("libopenblas."))));
    }

    static void multiply(Product p) {
        Matrix target = p.target();
        if (target.elements() == 0) {
            return;
        }
        int inner = p.left().cols();
        if (inner == 0) {
            scale(target, p.beta());
            return;
        }
        int m = target.rows();
        int n = target.cols();
        int transLeft = transposition(p.left());
        int transRight = transposition(p.right());
        Matrix a = p.left().matrix();
        Matrix b = p.right().matrix();
        if (target.type() == ElementType.F32) {
            float alpha = (float) p.alpha();
            float beta = (float) p.beta();
            cblas_sgemm(
                    CblasRowMajor,
                    transLeft,
                    transRight,
                    m,
                    n,
                    inner,
                    alpha,
                    a.floats(),
                    a.cols(),
                    b.floats(),
                    b.cols(),
                    beta,
                    target.floats(),
                    n);
        } else {
            cblas_dgemm(
                    CblasRowMajor,
                    transLeft,
                    transRight,
                    m,
                    n,
                    inner,
                    p.alpha(),
                    a.doubles(),
                    a.cols(),
                    b.doubles(),
                    b.cols(),
                    p.beta(),
                    target.doubles(),
                    n);
        }
    }

    private static int transposition(Operand operand) {
        return operand.orientation() == Orientation.PLAIN ? CblasNoTrans : CblasTrans;
    }

    private static void scale(Matrix target, double factor) {
        for (int row = 0; row < target.rows(); row++) {
            for (int col = 0; col < target.cols(); col++) {
                target.set(row, col, factor == 0 ? 0 : factor * target.get(row, col));
            }
        }
    }

    /** left · right as a new matrix. */
    static Matrix product(Operand left, Operand right) {
        Matrix target =
                Matrix.uninitialized(left.rows(), right.cols(), left.matrix().type());
        multiply(Product.of(left, right, target));
        return target;
    }

    static void project(Projector projector, Matrix target) {
        Operand basis = Operand.of(projector.basis());
        try (Matrix coefficients = product(Operand.transposed(projector.basis()), Operand.of(target))) {
            boolean outside = projector.kept() == Projector.Part.OUTSIDE_SPAN;
            multiply(new Product(basis, Operand.of(coefficients), target, outside ? -1 : 1, outside ? 1 : 0));
        }
    }

    /** Row i ← factors[i] · row i. */
    static void scaleRows(Matrix matrix, double[] factors) {
        int cols = matrix.cols();
        for (int row = 0; row < matrix.rows(); row++) {
            long first = (long) row * cols;
            if (matrix.type() == ElementType.F32) {
                cblas_sscal(cols, (float) factors[row], matrix.floats().getPointer(first), 1);
            } else {
                cblas_dscal(cols, factors[row], matrix.doubles().getPointer(first), 1);
            }
        }
    }

    static void add(Addition a) {
        if (a.target().type() == ElementType.F32) {
            cblas_saxpy(
                    elements(a),
                    (float) a.factor(),
                    a.term().floats(),
                    1,
                    a.target().floats(),
                    1);
        } else {
            cblas_daxpy(
                    elements(a), a.factor(), a.term().doubles(), 1, a.target().doubles(), 1);
        }
    }

    private static int elements(Addition a) {
        return Math.toIntExact(a.target().elements());
    }

    static void accumulateGram(GramUpdate update) {
        Matrix samples = update.samples();
        Matrix gram = update.gram();
        int in = gram.rows();
        if (in == 0 || samples.rows() == 0) {
            return;
        }
        if (samples.type() == ElementType.F64) {
            addGram(samples.doubles(), samples.rows(), gram);
        } else {
            int block = Math.min(WIDENED_ROWS, samples.rows());
            try (Matrix widened = Matrix.uninitialized(block, in, ElementType.F64)) {
                for (int row = 0; row < samples.rows(); row += block) {
                    int rows = Math.min(block, samples.rows() - row);
                    CpuLayout.widenRows(samples, row, rows, widened);
                    addGram(widened.doubles(), rows, gram);
                }
            }
        }
        mirror(gram);
    }

    /** gram ← columnsᵀ · columns, both float64; only the upper triangle is written. */
    static void gramUpperTriangle(Matrix columns, Matrix gram) {
        int n = gram.rows();
        cblas_dsyrk(
                CblasRowMajor,
                CblasUpper,
                CblasTrans,
                n,
                columns.rows(),
                1,
                columns.doubles(),
                n,
                0,
                gram.doubles(),
                n);
    }

    private static void addGram(DoublePointer samples, int rows, Matrix gram) {
        int in = gram.rows();
        cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, in, rows, 1, samples, in, 1, gram.doubles(), in);
    }

    /** Copies the upper triangle onto the lower. */
    static void mirror(Matrix square) {
        int n = square.rows();
        DoubleIndexer values = DoubleIndexer.create(square.doubles());
        for (long row = 1; row < n; row++) {
            for (long col = 0; col < row; col++) {
                values.put(row * n + col, values.get(col * n + row));
            }
        }
    }
}
