package org.keeplora.data;

import java.nio.file.Path;
import java.util.List;

/**
 * A probe: test images in one folder per class, and a file of class names beside them ({@link ClassTable#beside}).
 * Labels are in the file's order; items are ordered by class, then by name.
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
