package org.keeplora.bench;

import java.util.List;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;

/** Checks, before anything is timed, that both implementations compute the same. */
final class Comparison {
    private Comparison() {}

    /** left · rightᵀ or left · right in float64. */
    static double[] product(BatchLinalg linalg, Matrix left, Operand right) {
        try (Matrix wide = linalg.convert(left, ElementType.F64);
                Matrix other = linalg.convert(right.matrix(), ElementType.F64)) {
            boolean plain = right.orientation() == Operand.Orientation.PLAIN;
            try (Matrix product = Matrix.zeros(wide.rows(), plain ? other.cols() : other.rows(), ElementType.F64)) {
                linalg.multiply(
                        List.of(Product.of(product, Operand.of(wide), new Operand(other, right.orientation()))));
                return product.toDoubles();
            }
        }
    }

    static void requireClose(String what, double[] one, double[] other, double bound) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < one.length; i++) {
            difference += (one[i] - other[i]) * (one[i] - other[i]);
            norm += one[i] * one[i];
        }
        double relative = Math.sqrt(difference / norm);
        if (!(relative <= bound)) {
            throw new IllegalStateException(
                    what + ": the two sides differ by " + relative + ", relative; allowed is " + bound);
        }
    }
}
