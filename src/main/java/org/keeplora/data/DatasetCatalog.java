package org.keeplora.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The data sets of the MTIL benchmark, each a row: name, first prompt template and what is on disk. */
public enum DatasetCatalog {
    CALTECH101("Caltech101", "a photo of a {}.") {
        @Override
        Split read(Path root, SplitOrder order) {
            return new ClassFolders(root, "caltech101/101_ObjectCategories", "caltech101.tsv").read(order);
        }
    },
    EUROSAT("EuroSAT", "a centered satellite photo of {}.") {
        @Override
        Split read(Path root, SplitOrder order) {
            return new ClassFolders(root, "eurosat/2750", "eurosat.tsv").read(order);
        }
    },
    MNIST("MNIST", "a photo of the number: \"{}\".") {
        @Override
        Split read(Path root, SplitOrder order) {
            return new IdxFiles(root.resolve("MNIST/raw")).read();
        }
    };

    private final String id;
    private final String template;

    DatasetCatalog(String id, String template) {
        this.id = id;
        this.template = template;
    }

    /** Class names and items as a reader of one disk format finds them. */
    record Split(List<String> classNames, List<Item> train, List<Item> test) {}

    abstract Split read(Path root, SplitOrder order);

    /** Names of all data sets. */
    public static List<String> names() {
        return Arrays.stream(values()).map(row -> row.id).toList();
    }

    /**
     * The data set called {@code name} below {@code root}; images are decoded later, on demand.
     *
     * @throws DatasetProblem for an unknown name, a missing folder or file, or a class without images
     */
    public static Dataset open(String name, Path root, SplitOrder order) {
        DatasetCatalog row = Arrays.stream(values())
                .filter(candidate -> candidate.id.equals(name))
                .findFirst()
                .orElseThrow(() -> new DatasetProblem("unknown data set '" + name + "'; known are "
                        + names().stream().collect(Collectors.joining(", "))));
        Split split = row.read(root, order);
        List<String> prompts = split.classNames().stream()
                .map(className -> row.template.replace("{}", className))
                .toList();
        return new Dataset(name, split.classNames(), prompts, split.train(), split.test());
    }
}
