package org.keeplora.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** {@link OwnData.Format#FOLDER}: classes are the folders of both halves in name order, items go class by class. */
final class SplitFolders {
    private SplitFolders() {}

    /** @throws DatasetException when there is no test half, a class folder has no image, or two classes share a name */
    static Split read(Path folder) {
        Path test = folder.resolve("test");
        if (!Files.isDirectory(test)) {
            throw new DatasetException(test + ": folder not found; put the test images there, one folder per class");
        }
        Path train = folder.resolve("train");
        Set<String> keys = new TreeSet<>(ImageFolder.folders(test));
        if (Files.isDirectory(train)) {
            keys.addAll(ImageFolder.folders(train));
        }
        if (ImageFolder.folders(test).isEmpty()) {
            throw new DatasetException(
                    test + ": holds no class folder; put the test images there, one folder per class");
        }
        ClassTable classes = ClassTable.ofKeys(List.copyOf(keys));
        requireDistinct(folder, classes);
        return new Split(classes.names(), half(folder, train, classes), half(folder, test, classes));
    }

    private static List<Item> half(Path folder, Path half, ClassTable classes) {
        List<Item> items = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            Path classFolder = half.resolve(classes.keys().get(label));
            if (Files.isDirectory(classFolder)) {
                for (Path image : ImageFolder.images(classFolder)) {
                    items.add(new Item(ImageFile.below(folder, image), label));
                }
            }
        }
        return items;
    }

    private static void requireDistinct(Path folder, ClassTable classes) {
        Set<String> names = new HashSet<>();
        for (String name : classes.names()) {
            if (!names.add(name)) {
                throw new DatasetException(String.format(
                        Locale.ROOT,
                        "%s: two class folders are called \"%s\" once underscores are spaces; rename one",
                        folder,
                        name));
            }
        }
    }
}
