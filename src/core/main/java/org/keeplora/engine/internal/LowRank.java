package org.keeplora.engine.internal;

import java.util.Objects;
import java.util.Optional;
import org.keeplora.engine.Matrix;

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
}
