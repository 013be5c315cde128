package org.keeplora.data;

import java.nio.file.Path;
import java.util.List;

/**
 * A probe: test images in one folder per class, with the class names in a file beside them ({@link
 * ClassTable#beside}); label order is the file's, items go class by class in name order.
 *
 * @param folder holds the file of class names
 * @param images holds the class folders, relative to {@code folder}
 */
record NamedFolders(String folder, String images) implements SplitReader {
    @Override
    public Split read(Path root, SplitOrder order) {
        Path home = root.resolve(folder);
        ClassTable classes = ClassTable.beside(home);
        return new Split(classes.names(), List.of(), ImageFolder.items(root, home.resolve(images), classes));
    }
}
