package org.keeplora.data;

import java.util.List;

/** What a {@link SplitReader} finds on disk: the classes in label order and the items of both halves in order. */
record Split(List<String> classNames, List<Item> train, List<Item> test) {}
