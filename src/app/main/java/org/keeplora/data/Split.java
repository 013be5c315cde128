package org.keeplora.data;

import java.util.List;

/**
 * The result of a {@link SplitReader}: the classes in label order and the items of both halves in order; for the user's
 * own data also the files left out.
 */
record Split(List<String> classNames, List<Item> train, List<Item> test, LeftOut leftOut) {
    Split(List<String> classNames, List<Item> train, List<Item> test) {
        this(classNames, train, test, LeftOut.NOTHING);
    }
}
