package org.keeplora.engine;

import java.util.Optional;

/**
 * The leading singular triples of P·matrix, by a randomised range finder (Halko, Martinsson and Tropp 2011, algorithm 4.4).
 *
 * @param matrix [m x n], not modified
 * @param projector P, of m rows; none for the matrix itself
 * @param rank triples wanted, at most min(m, n)
 * @param sketch columns of the random sketch, at least rank; more than min(m, n) is taken as min(m, n)
 * @param powerIterations passes with (P·matrix·matrixᵀ·P) that sharpen the range, at least 1
 * @param seed of the random signs of the sketch: the same seed gives the same bits on one machine with the same thread count
 */
public record LowRank(
        Matrix matrix, Optional<Projector> projector, int rank, int sketch, int powerIterations, long seed) {
    /** Of the matrix itself. */
    public static LowRank of(Matrix matrix, int rank, int sketch, int powerIterations, long seed) {
        return new LowRank(matrix, Optional.empty(), rank, sketch, powerIterations, seed);
    }
}
