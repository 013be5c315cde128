package org.keeplora.engine;

import java.util.Objects;
import java.util.Optional;

/**
 * The leading singular triples of P·matrix, by a randomised range finder (Halko, Martinsson and Tropp 2011, algorithm
 * 4.4).
 *
 * @param projector P, with m rows; empty for the matrix itself
 * @param matrix [m x n], not modified
 * @param rank number of triples, at most min(m, n)
 * @param sketch columns of the random sketch, at least rank; more than min(m, n) is taken as min(m, n)
 * @param powerIterations passes with (P·matrix·matrixᵀ·P) that sharpen the range, at least 1
 * @param seed of the random signs of the sketch: the same seed gives the same bits on one machine with the same thread
 *     count
 */
public record LowRank(
        Optional<Projector> projector, Matrix matrix, int rank, int sketch, int powerIterations, long seed) {
    public LowRank {
        Objects.requireNonNull(projector, "LowRank: projector is null; it may be empty");
        Objects.requireNonNull(matrix, "LowRank: matrix is null");
    }

    /** The problem for the matrix itself, without a projector. */
    public static LowRank of(Matrix matrix, int rank, int sketch, int powerIterations, long seed) {
        return new LowRank(Optional.empty(), matrix, rank, sketch, powerIterations, seed);
    }

    void require(OperandCheck operands) {
        Check.shapes(
                rank >= 0 && rank <= Math.min(matrix.rows(), matrix.cols()),
                "lowRank: rank %d of matrix %s; it must lie between 0 and the smaller side",
                rank,
                matrix);
        Check.that(
                sketch >= rank && powerIterations >= 1,
                "lowRank: sketch %d and %d power iterations for rank %d; the sketch must be at least the rank, the"
                        + " iterations at least 1",
                sketch,
                powerIterations,
                rank);
        operands.read("matrix", matrix, largestElement());
        projector.map(Projector::basis).ifPresent(basis -> {
            Check.shapes(
                    basis.rows() == matrix.rows(),
                    "lowRank: basis is %s but matrix is %s; rows must agree",
                    basis,
                    matrix);
            Check.sameType("lowRank", basis, matrix);
            operands.read("basis", basis);
        });
    }

    /** Products with random signs add up a row, those with orthonormal columns the norm of a column or of all. */
    private double largestElement() {
        return matrix.type().largest() / (4.0 * Math.max(1, Math.max(matrix.rows(), matrix.cols())));
    }
}
