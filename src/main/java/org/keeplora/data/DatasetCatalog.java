package org.keeplora.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The data sets of the MTIL benchmark, each in the folder layout that the official program prescribes below one data
 * root.
 *
 * <p>Class names, prompts, items and their order are those of the official loaders.
 */
public final class DatasetCatalog {
    private static final List<DatasetRow> ROWS = List.of(
            new DatasetRow(
                    "Caltech101",
                    "a photo of a {}.",
                    new ClassFolders("caltech101/101_ObjectCategories", ClassTable.load("caltech101"))),
            new DatasetRow(
                    "EuroSAT",
                    "a centered satellite photo of {}.",
                    new ClassFolders("eurosat/2750", ClassTable.load("eurosat"))),
            new DatasetRow(
                    "MNIST", "a photo of the number: \"{}\".", new IdxFiles("MNIST/raw", ClassTable.load("mnist"))));

    private DatasetCatalog() {}

    /** Names that {@link #open} knows, in alphabetical order. */
    public static List<String> names() {
        return ROWS.stream().map(DatasetRow::name).toList();
    }

    /**
     * Lists a data set; decodes nothing but reads MNIST's raw pixels into memory (47 MB for the full training half).
     *
     * @param name one of {@link #names()}, letter case ignored
     * @param root folder that holds all data sets
     * @param order PyTorch's {@code randperm}, for data sets without an official split
     * @throws DatasetException when the name is unknown, or something on disk is missing, empty or damaged
     */
    public static Dataset open(String name, Path root, SplitOrder order) {
        DatasetRow row = ROWS.stream()
                .filter(candidate -> candidate.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new DatasetException(
                        "unknown data set \"%s\"; known are %s".formatted(name, String.join(", ", names()))));
        if (!Files.isDirectory(root)) {
            throw new DatasetException(
                    "%s: data root not found; set it to the folder that holds the data sets".formatted(root));
        }
        return row.open(root, order);
    }
}
