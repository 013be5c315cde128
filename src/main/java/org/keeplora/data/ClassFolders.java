package org.keeplora.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One folder per class, no split on disk: items are numbered class by class and file by file in name order, then cut
 * 80/20 under the {@link SplitOrder} with seed 42 (PyTorch's {@code random_split}; training gets the first {@code
 * floor(0.8 n)} numbers of the permutation).
 *
 * @param folder holds the class folders, relative to the data root
 * @param classes folder and display name of each class
 */
record ClassFolders(String folder, ClassTable classes) implements SplitReader {
    private static final long SPLIT_SEED = 42;
    private static final double TRAIN_SHARE = 0.8;
    private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "png");

    @Override
    public Split read(Path root, SplitOrder order) {
        List<Item> items = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            for (Path file :
                    imagesOf(root.resolve(folder).resolve(classes.keys().get(label)))) {
                items.add(new Item(ImageFile.below(root, file), label));
            }
        }
        List<Item> shuffled = inOrder(items, order.permutation(items.size(), SPLIT_SEED));
        int train = (int) (TRAIN_SHARE * items.size());
        return new Split(classes.names(), shuffled.subList(0, train), shuffled.subList(train, items.size()));
    }

    private List<Path> imagesOf(Path classFolder) {
        if (!Files.isDirectory(classFolder)) {
            throw new DatasetException(
                    "%s: class folder not found (the data set has %d classes); unpack the data set again or correct the folder's name"
                            .formatted(classFolder, classes.size()));
        }
        try (Stream<Path> files = Files.list(classFolder)) {
            List<Path> images = files.filter(ClassFolders::isImage)
                    .sorted((a, b) -> fileName(a).compareTo(fileName(b)))
                    .toList();
            if (images.isEmpty()) {
                throw new DatasetException(
                        "%s: class has no image (looked for %s); put its images there or unpack the data set again"
                                .formatted(classFolder, "*.jpg, *.jpeg, *.png"));
            }
            return images;
        } catch (NotDirectoryException e) {
            throw new DatasetException(
                    classFolder + ": is not a folder; remove the file and unpack the data set again", e);
        } catch (IOException | UncheckedIOException e) {
            throw new DatasetException(
                    "%s: cannot be listed (%s); check its permissions"
                            .formatted(classFolder, DatasetException.reason(e)),
                    e);
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

    private List<Item> inOrder(List<Item> items, int[] permutation) {
        if (permutation.length != items.size()) {
            throw new IllegalArgumentException("split of %s: permutation has %d numbers but there are %d items"
                    .formatted(folder, permutation.length, items.size()));
        }
        boolean[] taken = new boolean[items.size()];
        List<Item> ordered = new ArrayList<>(items.size());
        for (int index : permutation) {
            if (index < 0 || index >= taken.length || taken[index]) {
                throw new IllegalArgumentException(
                        "split of %s: %d is out of range or repeated; need a permutation of 0..%d"
                                .formatted(folder, index, taken.length - 1));
            }
            taken[index] = true;
            ordered.add(items.get(index));
        }
        return ordered;
    }
}
