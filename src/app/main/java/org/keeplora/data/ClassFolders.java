package org.keeplora.data;

import java.nio.file.Path;

/**
 * One folder per class, without a split on disk. Items are numbered by class and then by file name, then divided by
 * {@link RandomSplit}.
 *
 * @param folder holds the class folders, relative to the data root
 * @param classes folder and display name of each class
 */
record ClassFolders(String folder, ClassTable classes) implements SplitReader {
    @Override
    public Split read(Path root, SplitOrder order) {
        return RandomSplit.cut(folder, classes.names(), ImageFolder.items(root, root.resolve(folder), classes), order);
    }
}
