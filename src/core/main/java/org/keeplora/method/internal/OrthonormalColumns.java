package org.keeplora.method.internal;

import java.util.List;
import java.util.Locale;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.GramUpdate;

/** Checks the orthonormality of bases that come from outside: a wrong basis would protect nothing, and say nothing. */
final class OrthonormalColumns {
    private OrthonormalColumns() {}

    /**
     * Largest accepted entry of BᵀB − I. Rounding an orthonormal B to float32 gives at most two roundings, 2·2⁻²⁴,
     * whatever its size. A basis that was computed in float32 has more: sums of {@code in} products, whose roundings
     * add up like √in.
     */
    static double tolerance(int in) {
        return 4 * Math.ulp(1f) * Math.sqrt(in);
    }

    /**
     * A copy of {@code basis}, where {@code linalg} computes; the caller closes it.
     *
     * @throws IllegalArgumentException unless it is float32 and finite, and its columns are orthonormal
     */
    static Matrix copyOf(BatchLinalg linalg, Matrix basis) {
        if (basis.type() != ElementType.F32 || basis.cols() > basis.rows()) {
            throw new IllegalArgumentException("PrincipalSubspace: basis is " + basis
                    + "; it must be F32 and have at most as many columns as rows");
        }
        Matrix copy = linalg.copyOf(basis);
        try {
            double error = deviation(linalg, copy);
            if (error > tolerance(copy.rows())) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "PrincipalSubspace: basis %s has an entry of BᵀB − I of %.2g; its columns must be orthonormal,"
                                + " which allows %.2g",
                        basis,
                        error,
                        tolerance(copy.rows())));
            }
            return copy;
        } catch (RuntimeException | Error e) {
            copy.close();
            throw e;
        }
    }

    /** Largest magnitude of an entry of BᵀB − I, with float64 products and sums. */
    private static double deviation(BatchLinalg linalg, Matrix basis) {
        try (Matrix gram = linalg.adopt(minusIdentity(basis.cols()))) {
            linalg.accumulateGram(List.of(new GramUpdate(gram, basis)));
            linalg.mirror(List.of(gram));
            return linalg.largestMagnitudes(List.of(gram))[0];
        }
    }

    private static Matrix minusIdentity(int n) {
        Matrix diagonal = Matrix.zeros(n, n, ElementType.F64);
        for (int i = 0; i < n; i++) {
            diagonal.set(i, i, -1);
        }
        return diagonal;
    }
}
