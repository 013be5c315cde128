package org.keeplora.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.keeplora.data.DatasetRow.FullSize;

/**
 * The data sets of the MTIL benchmark and the probes, in the folder layout of the official program below one data root;
 * and the user's own data sets.
 *
 * <p>Class names, prompts, items and their order equal those of the official loaders.
 */
public final class DatasetCatalog {
    private static final List<DatasetRow> TASKS = List.of(
            new DatasetRow(
                    "Aircraft", "aircraft", new FullSize(3_334, 3_333), new VariantLists("fgvc-aircraft-2013b/data")),
            new DatasetRow(
                    "Caltech101",
                    "caltech101",
                    FullSize.cut(8_677),
                    new ClassFolders("caltech101/101_ObjectCategories", ClassTable.load("caltech101"))),
            new DatasetRow(
                    "CIFAR100", "cifar100", new FullSize(50_000, 10_000), new PickledBatches("cifar-100-python")),
            new DatasetRow("DTD", "dtd", new FullSize(1_880, 1_880), new PathLists("dtd/dtd")),
            new DatasetRow(
                    "EuroSAT",
                    "eurosat",
                    FullSize.cut(27_000),
                    new ClassFolders("eurosat/2750", ClassTable.load("eurosat"))),
            new DatasetRow(
                    "Flowers",
                    "flowers",
                    new FullSize(1_020, 6_149),
                    new NumberedImages("flowers-102", ClassTable.load("flowers"))),
            new DatasetRow("Food", "food", new FullSize(75_750, 25_250), new JsonLists("food-101")),
            new DatasetRow(
                    "MNIST",
                    "mnist",
                    new FullSize(60_000, 10_000),
                    new IdxFiles("MNIST/raw", ClassTable.load("mnist"))),
            new DatasetRow("OxfordPet", "oxfordpet", new FullSize(3_680, 3_669), new BreedLists("oxford-iiit-pet")),
            new DatasetRow(
                    "StanfordCars", "stanfordcars", new FullSize(8_144, 8_041), new AnnotatedImages("stanford_cars")),
            new DatasetRow("SUN397", "sun397", FullSize.cut(108_754), new SceneFolders("SUN397")));
    private static final List<DatasetRow> PROBES = List.of(
            new DatasetRow("ImageNet", "imagenet", new FullSize(0, 50_000), new NamedFolders("imagenet", "val")),
            new DatasetRow("Places365", "places365", new FullSize(0, 36_500), new SceneList("places365")),
            new DatasetRow(
                    "general-probe",
                    "general-probe",
                    new FullSize(0, 2_000),
                    new NamedFolders("general-probe", "test")));

    private DatasetCatalog() {}

    /** The benchmark's eleven data sets in alphabetical order, which is the order of MTIL's first task sequence. */
    public static List<String> names() {
        return TASKS.stream().map(DatasetRow::name).toList();
    }

    /** Data sets that have only a test half; they measure what a run forgets. */
    public static List<String> probes() {
        return PROBES.stream().map(DatasetRow::name).toList();
    }

    /**
     * Lists a data set. It decodes no image, but it reads the raw pixels of MNIST (47 MB for the full training half)
     * and CIFAR-100 (154 MB) into memory.
     *
     * @param name one of {@link #names()} or {@link #probes()}, ignoring case
     * @param root the folder of all data sets
     * @param order PyTorch's {@code randperm}, for data sets without an official split
     * @throws DatasetException when the name is unknown, or something on disk is missing, empty or damaged
     */
    public static Dataset open(String name, Path root, SplitOrder order) {
        DatasetRow row = row(name);
        requireRoot(root);
        return row.open(root, order);
    }

    /**
     * Lists the user's own data set; checks that every image exists, and records the files left out.
     *
     * @throws DatasetException when something on disk is missing, empty or damaged
     */
    public static Dataset open(OwnData own) {
        return of(
                own,
                switch (own.format()) {
                    case FOLDER -> SplitFolders.read(own.path());
                    case CSV -> CsvTable.read(own.path());
                });
    }

    /** As {@link #open(OwnData)}, without checking that the images of a table exist. */
    static Dataset listed(OwnData own) {
        return own.format() == OwnData.Format.CSV ? of(own, CsvTable.listed(own.path())) : open(own);
    }

    private static Dataset of(OwnData own, Split split) {
        return new Dataset(own.name(), split.classNames(), List.of(own.template()), split.train(), split.test())
                .leavingOut(split.leftOut());
    }

    static DatasetRow row(String name) {
        return Stream.concat(TASKS.stream(), PROBES.stream())
                .filter(candidate -> candidate.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new DatasetException(String.format(
                        Locale.ROOT,
                        "unknown data set \"%s\"; known are %s and the probes %s",
                        name,
                        String.join(", ", names()),
                        String.join(", ", probes()))));
    }

    static void requireRoot(Path root) {
        if (!Files.isDirectory(root)) {
            throw new DatasetException(root + ": data root not found; set it to the folder that holds the data sets");
        }
    }
}
