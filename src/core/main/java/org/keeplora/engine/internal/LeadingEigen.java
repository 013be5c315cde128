package org.keeplora.engine.internal;

import java.util.Objects;
import org.keeplora.engine.Matrix;

/**
 * The fewest leading eigenpairs whose eigenvalues reach an energy.
 *
 * @param matrix [n x n] float64, symmetric, no eigenvalue below 0; not modified
 * @param energy what the sum of the eigenvalues must reach, above 0
 */
public record LeadingEigen(Matrix matrix, double energy) {
    public LeadingEigen {
        Objects.requireNonNull(matrix, "LeadingEigen: matrix is null");
    }
}
