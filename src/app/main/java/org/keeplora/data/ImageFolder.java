package org.keeplora.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.keeplora.store.NameEncoding;

/**
 * Lists folders of images, and the class folders, of published data sets in name order, without names that begin with a
 * dot. {@link FolderImages} does this for the user's own data.
 */
final class ImageFolder {
    private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "png");

    private ImageFolder() {}

    /**
     * The images of all classes, class by class in label order, each class in name order.
     *
     * @param folder holds one folder per key of {@code classes}
     * @throws DatasetException when a class folder is missing, unreadable or without images
     */
    static List<Item> items(Path root, Path folder, ClassTable classes) {
        List<Item> items = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            Path classFolder = folder.resolve(classes.keys().get(label));
            if (!Files.isDirectory(classFolder)) {
                throw new DatasetException(classFolder + ": class folder not found (the data set has " + classes.size()
                        + " classes); unpack the data set again or correct the folder's name");
            }
            for (Path file : images(classFolder)) {
                items.add(new Item(ImageFile.below(root, file), label));
            }
        }
        return items;
    }

    /** The images of one class folder, at least one. */
    static List<Path> images(Path classFolder) {
        List<Path> images = list(classFolder, ImageFolder::isImage);
        if (images.isEmpty()) {
            throw new DatasetException(classFolder + ": class has no image (looked for " + "*.jpg, *.jpeg, *.png"
                    + "); put its images there or unpack the data set again");
        }
        return images;
    }

    /** Names of the folders in {@code folder}, in name order. */
    static List<String> folders(Path folder) {
        return list(folder, path -> Files.isDirectory(path) && !fileName(path).startsWith(".")).stream()
                .map(ImageFolder::fileName)
                .toList();
    }

    /** The entries of {@code folder} that {@code wanted} accepts, in name order. */
    static List<Path> list(Path folder, Predicate<Path> wanted) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(wanted)
                    .peek(file -> NameEncoding.require(fileName(file)))
                    .sorted(Comparator.comparing(ImageFolder::fileName))
                    .toList();
        } catch (NotDirectoryException e) {
            throw new DatasetException(folder + ": is not a folder; remove the file and unpack the data set again", e);
        } catch (IOException | UncheckedIOException e) {
            throw new DatasetException(
                    folder + ": cannot be listed (" + DatasetException.reason(e) + "); check its permissions", e);
        }
    }

    private static boolean isImage(Path file) {
        String name = fileName(file);
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && EXTENSIONS.contains(extension) && Files.isRegularFile(file);
    }

    private static String fileName(Path file) {
        return file.getFileName().toString();
    }
}
