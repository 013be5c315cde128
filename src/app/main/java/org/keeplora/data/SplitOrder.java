package org.keeplora.data;

/**
 * The order in which the items of a data set without an official split are divided: PyTorch's {@code randperm} for
 * {@code random_split}.
 */
@FunctionalInterface
public interface SplitOrder {
    /**
     * A permutation of {@code 0 .. n-1} that depends on {@code n} and {@code seed} only.
     *
     * @param n number of items, at least 0
     * @param seed seed of the generator; the official splits use 42
     */
    int[] permutation(int n, long seed);
}
