package org.keeplora.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.keeplora.data.LeftOut.Reason;

/**
 * {@link OwnData.Format#FOLDER}: classes are the folders of both halves in name order. Items are ordered by class, then
 * as in {@link FolderImages}.
 */
final class SplitFolders {
    private final Path folder;
    private final List<LeftOut.File> leftOut = new ArrayList<>();

    private SplitFolders(Path folder) {
        this.folder = folder;
    }

    /** @throws DatasetException when there is no test half, a class folder has no image, or two classes share a name */
    static Split read(Path folder) {
        return new SplitFolders(folder).split();
    }

    private Split split() {
        Path test = folder.resolve("test");
        if (!Files.isDirectory(test)) {
            throw new DatasetException(test + ": folder not found; put the test images there, one folder per class");
        }
        Path train = folder.resolve("train");
        Set<String> keys = new TreeSet<>(ImageFolder.folders(test));
        if (keys.isEmpty()) {
            throw new DatasetException(
                    test + ": holds no class folder; put the test images there, one folder per class");
        }
        if (Files.isDirectory(train)) {
            keys.addAll(ImageFolder.folders(train));
        }
        ClassTable classes = ClassTable.ofKeys(List.copyOf(keys));
        requireDistinct(classes);
        List<Item> trainItems = half(train, classes);
        List<Item> testItems = half(test, classes);
        leaveOutValidation();
        return new Split(classes.names(), trainItems, testItems, new LeftOut(leftOut));
    }

    private List<Item> half(Path half, ClassTable classes) {
        List<Item> items = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            Path classFolder = half.resolve(classes.keys().get(label));
            if (Files.isDirectory(classFolder)) {
                for (Path image : images(classFolder)) {
                    items.add(new Item(ImageFile.below(folder, image), label));
                }
            }
        }
        if (Files.isDirectory(half)) {
            leaveOutOutsideClasses(half);
        }
        return items;
    }

    private List<Path> images(Path classFolder) {
        FolderImages found = FolderImages.below(classFolder);
        if (found.images().isEmpty()) {
            String instead = found.leftOut().isEmpty() ? "it is empty" : new LeftOut(found.leftOut()).text();
            throw new DatasetException(
                    classFolder + ": class has no image (" + instead + "); put its images there or remove the folder");
        }
        leftOut.addAll(found.leftOut());
        return found.images();
    }

    private void leaveOutOutsideClasses(Path half) {
        for (Path path : ImageFolder.list(half, path -> FolderImages.isHidden(path) || !Files.isDirectory(path))) {
            Reason reason = FolderImages.isHidden(path)
                    ? Reason.HIDDEN
                    : Files.exists(path) ? Reason.NO_CLASS : Reason.BROKEN_LINK;
            leftOut.add(new LeftOut.File(path, reason));
        }
    }

    private void leaveOutValidation() {
        for (String name : OwnData.VALIDATION) {
            Path validation = folder.resolve(name);
            if (Files.isDirectory(validation)) {
                FolderImages.below(validation)
                        .images()
                        .forEach(image -> leftOut.add(new LeftOut.File(image, Reason.VALIDATION)));
            }
        }
    }

    private void requireDistinct(ClassTable classes) {
        Set<String> names = new HashSet<>();
        for (String name : classes.names()) {
            if (!names.add(name)) {
                throw new DatasetException(String.format(
                        Locale.ROOT,
                        "%s: two class folders are both called \"%s\" after underscores become spaces; rename one",
                        folder,
                        name));
            }
        }
    }
}
