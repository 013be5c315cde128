package org.keeplora.method.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Svd;
import org.keeplora.method.CumulativeEnergy;
import org.keeplora.method.Growth;

/** Float64 comparisons of subspaces for the tests. They compare only what is determined, never single vectors. */
public final class Subspaces {
    /**
     * Bases are stored in float32: each of their in·k entries is rounded by at most half an ulp of 1, and one
     * comparison combines a few such roundings.
     */
    static double tolerance(int in) {
        return 8 * Math.ulp(1f) / 2 * Math.sqrt(in);
    }

    private Subspaces() {}

    /** left · right in float64, for any types. */
    static Matrix product(BatchLinalg linalg, Operand left, Operand right) {
        try (Matrix l = linalg.convert(left.matrix(), ElementType.F64);
                Matrix r = linalg.convert(right.matrix(), ElementType.F64)) {
            boolean leftPlain = left.orientation() == Operand.Orientation.PLAIN;
            boolean rightPlain = right.orientation() == Operand.Orientation.PLAIN;
            Matrix target =
                    linalg.zeros(leftPlain ? l.rows() : l.cols(), rightPlain ? r.cols() : r.rows(), ElementType.F64);
            linalg.multiply(List.of(
                    Product.of(target, new Operand(l, left.orientation()), new Operand(r, right.orientation()))));
            return target;
        }
    }

    /** Checks that the share starts at the covered one, never falls, and ends at 1. */
    static void assertIsASpectrum(Growth growth) {
        CumulativeEnergy energy = growth.energy().orElseThrow();
        assertEquals(growth.coveredBefore(), energy.share(0));
        assertEquals(1, energy.share(energy.in()));
        for (int directions = 1; directions <= energy.in(); directions++) {
            double share = energy.share(directions);
            assertTrue(share >= energy.share(directions - 1) && share <= 1, directions + " hold " + share);
        }
        assertTrue(growth.coveredAfter() >= growth.coveredBefore());
    }

    static double norm(Matrix matrix) {
        return Math.sqrt(Arrays.stream(matrix.toDoubles()).map(v -> v * v).sum());
    }

    static double largest(Matrix matrix) {
        return Arrays.stream(matrix.toDoubles()).map(Math::abs).max().orElse(0);
    }

    public static double deviationFromOrthonormal(BatchLinalg linalg, Matrix basis) {
        try (Matrix gram = product(linalg, Operand.transposed(basis), Operand.of(basis))) {
            double[] values = gram.toDoubles();
            for (int i = 0; i < gram.rows(); i++) {
                values[i * gram.cols() + i] -= 1;
            }
            return Arrays.stream(values).map(Math::abs).max().orElse(0);
        }
    }

    /** ‖P − P'‖_F of the orthogonal projectors of two orthonormal bases. */
    static double projectorDistance(BatchLinalg linalg, Matrix one, Matrix other) {
        try (Matrix p = product(linalg, Operand.of(one), Operand.transposed(one));
                Matrix q = product(linalg, Operand.of(other), Operand.transposed(other))) {
            double[] left = p.toDoubles();
            double[] right = q.toDoubles();
            double sum = 0;
            for (int i = 0; i < left.length; i++) {
                sum += (left[i] - right[i]) * (left[i] - right[i]);
            }
            return Math.sqrt(sum);
        }
    }

    /** The sine of the largest principal angle from {@code inner} to {@code outer}: ‖(I − P_outer)·inner‖₂. */
    public static double largestAngleSine(BatchLinalg linalg, Matrix inner, Matrix outer) {
        if (inner.cols() == 0) {
            return 0;
        }
        try (Matrix inside = product(linalg, Operand.transposed(outer), Operand.of(inner));
                Matrix outerWide = linalg.convert(outer, ElementType.F64);
                Matrix rest = linalg.convert(inner, ElementType.F64)) {
            linalg.multiply(List.of(new Product(rest, -1, Operand.of(outerWide), Operand.of(inside), 1)));
            try (Svd svd = linalg.svd(List.of(rest)).get(0)) {
                return svd.values()[0];
            }
        }
    }
}
