package org.keeplora.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a data set without an official split 80/20 in the {@link SplitOrder} of seed 42, as PyTorch's {@code
 * random_split}: training gets the first {@code floor(0.8 n)} numbers of the permutation.
 */
final class RandomSplit {
    private static final long SEED = 42;
    private static final double TRAIN_SHARE = 0.8;

    private RandomSplit() {}

    /**
     * @param items in the order in which the official loader numbers them
     * @throws IllegalArgumentException naming {@code what} when {@code order} does not return a permutation of the
     *     items
     */
    static Split cut(String what, List<String> classNames, List<Item> items, SplitOrder order) {
        List<Item> shuffled = arranged(what, items, order.permutation(items.size(), SEED));
        int train = (int) (TRAIN_SHARE * items.size());
        return new Split(classNames, shuffled.subList(0, train), shuffled.subList(train, items.size()));
    }

    private static List<Item> arranged(String what, List<Item> items, int[] permutation) {
        if (permutation.length != items.size()) {
            throw new IllegalArgumentException("split of " + what + ": permutation has " + permutation.length
                    + " numbers but there are " + items.size() + " items");
        }
        boolean[] taken = new boolean[items.size()];
        List<Item> ordered = new ArrayList<>(items.size());
        for (int index : permutation) {
            if (index < 0 || index >= taken.length || taken[index]) {
                throw new IllegalArgumentException("split of " + what + ": " + index
                        + " is out of range or repeated; need a permutation of 0.." + (taken.length - 1));
            }
            taken[index] = true;
            ordered.add(items.get(index));
        }
        return ordered;
    }
}
