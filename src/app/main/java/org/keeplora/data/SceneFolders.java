package org.keeplora.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * SUN397's format: {@code ClassName.txt} with lines {@code /<letter>/<class>} (line order = label; a class may be two
 * folders deep) and images {@code <letter>/<class>/sun_*.jpg}, without a split on disk. Items are numbered, then
 * divided by {@link RandomSplit}.
 *
 * <p>The official loader numbers images in the order in which the operating system lists them, so its split differs
 * between machines. Here images are in path order, unless {@code image-order.txt} (lines {@code
 * <letter>/<class>/sun_*.jpg}) gives the order of an official run.
 *
 * @param folder holds the lists and the letter folders
 */
record SceneFolders(String folder) implements SplitReader {
    private static final int LETTER = "/a/".length();

    @Override
    public Split read(Path root, SplitOrder order) {
        Path home = root.resolve(folder);
        ClassTable classes = ClassTable.ofKeys(TextLine.of(home.resolve("ClassName.txt")).stream()
                .map(SceneFolders::className)
                .toList());
        Map<String, Integer> labels = classes.labels();
        List<Item> items = new ArrayList<>();
        for (ImageFile image : numbered(root, home)) {
            Path inner = home.relativize(image.path());
            String key = inner.getNameCount() < 3
                    ? ""
                    : inner.subpath(1, inner.getNameCount() - 1).toString().replace('\\', '/');
            Integer label = labels.get(key);
            if (label == null) {
                throw new DatasetException(String.format(
                        Locale.ROOT,
                        "%s: its class \"%s\" is not in ClassName.txt; move the image away or correct the list",
                        image.path(),
                        key));
            }
            items.add(new Item(image, label));
        }
        return RandomSplit.cut(folder, classes.names(), items, order);
    }

    static String className(TextLine line) {
        if (!line.text().matches("/[a-z]/.+")) {
            throw line.error(String.format(Locale.ROOT, "needs /<letter>/<class> but is \"%s\"", line.text()));
        }
        return line.text().substring(LETTER);
    }

    private static List<ImageFile> numbered(Path root, Path home) {
        Path order = home.resolve("image-order.txt");
        if (!Files.exists(order)) {
            return images(root, home);
        }
        return TextLine.of(order).stream()
                .map(line -> ImageFile.listed(root, home, line.text(), line::error))
                .toList();
    }

    private static List<ImageFile> images(Path root, Path home) {
        try (Stream<Path> files = Files.walk(home, FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(file -> file.getFileName().toString().matches("sun_.*\\.jpg"))
                    .map(file -> ImageFile.below(root, file))
                    .sorted(Comparator.comparing(ImageFile::id))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new DatasetException(
                    home + ": cannot be listed (" + DatasetException.reason(e) + "); check its permissions", e);
        }
    }
}
