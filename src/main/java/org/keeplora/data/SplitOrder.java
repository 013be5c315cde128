package org.keeplora.data;

/** The random permutation behind a random split; the official splits use PyTorch's. */
@FunctionalInterface
public interface SplitOrder {
    /** A permutation of 0 .. n−1 that {@code seed} decides. */
    int[] permutation(int n, long seed);
}
