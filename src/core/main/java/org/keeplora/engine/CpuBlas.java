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
import static org.bytedeco.openblas.global.openblas.cblas_ssyrk;

import java.util.List;
import org.bytedeco.openblas.global.openblas_full;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.LoadedLibraries;
import org.keeplora.engine.internal.Operand.Orientation;

/** Functions of OpenBLAS on matrices and parts of them, on the calling thread. */
final class CpuBlas {
    private CpuBlas() {}

    /** Names and paths of the loaded OpenBLAS. */
    static List<String> facts() {
        String config = openblas_full.openblas_get_config().getString();
        String core = openblas_full.openblas_get_corename().getString();
        return List.of(
                config + ", kernels for " + core, String.join(", ", LoadedLibraries.of(List.of("libopenblas."))));
    }

    /** target ← alpha · left · right + beta · target on the calling thread; all three of one type. */
    static void multiply(OperandPart left, OperandPart right, OperandPart target, double alpha, double beta) {
        int m = target.rows();
        int n = target.cols();
        int inner = left.cols();
        if (m == 0 || n == 0) {
            return;
        }
        if (inner == 0) {
            scale(target, beta);
        } else if (target.matrix().type() == ElementType.F32) {
            cblas_sgemm(
                    CblasRowMajor,
                    transposition(left),
                    transposition(right),
                    m,
                    n,
                    inner,
                    (float) alpha,
                    left.floats(),
                    left.stride(),
                    right.floats(),
                    right.stride(),
                    (float) beta,
                    target.floats(),
                    target.stride());
        } else {
            cblas_dgemm(
                    CblasRowMajor,
                    transposition(left),
                    transposition(right),
                    m,
                    n,
                    inner,
                    alpha,
                    left.doubles(),
                    left.stride(),
                    right.doubles(),
                    right.stride(),
                    beta,
                    target.doubles(),
                    target.stride());
        }
    }

    private static int transposition(OperandPart part) {
        return part.operand().orientation() == Orientation.PLAIN ? CblasNoTrans : CblasTrans;
    }

    private static void scale(OperandPart target, double factor) {
        Matrix matrix = target.matrix();
        for (int row = target.firstRow(); row < target.firstRow() + target.rows(); row++) {
            for (int col = target.firstCol(); col < target.firstCol() + target.cols(); col++) {
                matrix.set(row, col, factor == 0 ? 0 : factor * matrix.get(row, col));
            }
        }
    }

    /** The upper triangle of target ← samplesᵀ · samples + beta · target, both of one type, on the calling thread. */
    static void gram(OperandPart samples, OperandPart target, double beta) {
        if (target.matrix().type() == ElementType.F32) {
            cblas_ssyrk(
                    CblasRowMajor,
                    CblasUpper,
                    CblasTrans,
                    target.rows(),
                    samples.rows(),
                    1,
                    samples.floats(),
                    samples.stride(),
                    (float) beta,
                    target.floats(),
                    target.stride());
        } else {
            cblas_dsyrk(
                    CblasRowMajor,
                    CblasUpper,
                    CblasTrans,
                    target.rows(),
                    samples.rows(),
                    1,
                    samples.doubles(),
                    samples.stride(),
                    beta,
                    target.doubles(),
                    target.stride());
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
}
