package org.keeplora.data;

import java.util.List;

/**
 * What a {@link SplitReader} finds on disk: the classes in label order and the items of both halves in order; of one's
 * own data also what is no item.
 */
record Split(List<String> classNames, List<Item> train, List<Item> test, LeftOut leftOut) {
    Split(List<String> classNames, List<Item> train, List<Item> test) {
        this(classNames, train, test, LeftOut.NOTHING);
    }
}
