package org.keeplora.engine;

/**
 * The leading singular triples of a matrix, by a randomised range finder (Halko, Martinsson and Tropp 2011, algorithm 4.4).
 *
 * @param matrix [m x n], not modified
 * @param rank triples wanted, at most min(m, n)
 * @param sketch columns of the random sketch, at least rank; more than min(m, n) is taken as min(m, n)
 * @param powerIterations passes with (matrix·matrixᵀ) that sharpen the range
 * @param seed of the Gaussian sketch: the same seed gives the same bits on one machine with the same thread count
 */
public record LowRank(Matrix matrix, int rank, int sketch, int powerIterations, long seed) {}
