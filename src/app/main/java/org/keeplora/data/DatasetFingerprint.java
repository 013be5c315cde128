package org.keeplora.data;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Distinguishes a data set from another of the same name, without reading its images.
 *
 * @param classes display names, in label order
 * @param train training items
 * @param test test items
 */
public record DatasetFingerprint(String name, List<String> classes, Half train, Half test) {
    public DatasetFingerprint {
        Objects.requireNonNull(name, "name is missing");
        Objects.requireNonNull(train, "train is missing");
        Objects.requireNonNull(test, "test is missing");
        classes = List.copyOf(classes);
    }

    /**
     * The items of one half.
     *
     * @param sha256 of every image's name, its size (for an image in a larger file: that file's checksum) and its
     *     label, in order
     */
    public record Half(int images, String sha256) {
        private static Half of(List<Item> items) {
            return new Half(
                    items.size(),
                    ItemDigest.of("items", items, item -> item.image().content() + "\t" + item.label()));
        }

        private Optional<String> difference(String name, String half, Half now) {
            if (equals(now)) {
                return Optional.empty();
            }
            return Optional.of(
                    images == now.images
                            ? name + ": names, sizes or labels of its " + images + " " + half + " images have changed"
                            : String.format(
                                    Locale.ROOT,
                                    "%s: it has %d %s images, but had %d",
                                    name,
                                    now.images,
                                    half,
                                    images));
        }
    }

    /** The fingerprint of an opened data set; reads the size of every image file. */
    public static DatasetFingerprint of(Dataset dataset) {
        return new DatasetFingerprint(
                dataset.name(), dataset.classNames(), Half.of(dataset.train()), Half.of(dataset.test()));
    }

    /**
     * How {@code now}, of the same name, differs from this in classes and test items, which an evaluation uses; empty
     * when it does not.
     */
    public Optional<String> testDifference(DatasetFingerprint now) {
        return classes.equals(now.classes)
                ? test.difference(name, "test", now.test)
                : Optional.of(name + ": its classes are " + now.classes + ", but were " + classes);
    }

    /** How {@code now}, of the same name, differs from this; empty when it does not differ. */
    public Optional<String> difference(DatasetFingerprint now) {
        return testDifference(now).or(() -> train.difference(name, "training", now.train));
    }
}
