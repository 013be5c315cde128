package org.keeplora.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.keeplora.data.DatasetCatalog.Split;

/**
 * One folder of images a class, split 80/20 at random.
 *
 * @param root folder of all data sets
 * @param folder of this data set below it, with forward slashes
 * @param table resource of lines "folder TAB class name" in label order
 */
record ClassFolders(Path root, String folder, String table) {
    private static final double TRAINING_SHARE = 0.8;
    private static final long SPLIT_SEED = 42;

    Split read(SplitOrder order) {
        List<String> names = new ArrayList<>();
        List<Item> items = new ArrayList<>();
        for (String line : lines()) {
            String[] columns = line.split("\t");
            for (String file : images(columns[0])) {
                String id = folder + "/" + columns[0] + "/" + file;
                items.add(new Item(new ImageFile(root, id), names.size()));
            }
            names.add(columns[1]);
        }
        int[] permutation = order.permutation(items.size(), SPLIT_SEED);
        int training = (int) (TRAINING_SHARE * items.size());
        List<Item> shuffled = new ArrayList<>();
        for (int index : permutation) {
            shuffled.add(items.get(index));
        }
        return new Split(names, shuffled.subList(0, training), shuffled.subList(training, items.size()));
    }

    private List<String> lines() {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(ClassFolders.class.getResourceAsStream(table), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + table + " cannot be read", e);
        }
    }

    private List<String> images(String className) {
        Path classFolder = root.resolve(folder).resolve(className);
        if (!Files.isDirectory(classFolder)) {
            throw new DatasetProblem(
                    classFolder + ": no such folder; unpack the data set there or correct the data root");
        }
        try (Stream<Path> files = Files.list(classFolder)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.matches("(?i).*\\.(jpe?g|png)"))
                    .sorted()
                    .toList();
            if (names.isEmpty()) {
                throw new DatasetProblem(
                        classFolder + ": no JPEG or PNG image in this class; unpack the data set again");
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(classFolder + " cannot be listed; check its permissions", e);
        }
    }
}
