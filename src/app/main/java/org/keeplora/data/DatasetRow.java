package org.keeplora.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * One line of the catalogue.
 *
 * @param name the name in the benchmark
 * @param templates the resource {@code <templates>-templates.txt}, one prompt template a line
 * @param size number of images of the full data set
 * @param reader the reader of its format on disk
 */
record DatasetRow(String name, String templates, FullSize size, SplitReader reader) {
    /**
     * Number of images in each half of the full official data set, as the official loader splits it; 0 for an unused
     * half.
     */
    record FullSize(int train, int test) {
        /** The halves of {@code images} that the official program splits itself (80/20, training rounded down). */
        static FullSize cut(int images) {
            int train = images * 4 / 5;
            return new FullSize(train, images - train);
        }
    }

    Path folder(Path root) {
        return root.resolve(reader.folder());
    }

    Dataset open(Path root, SplitOrder order) {
        Path folder = folder(root);
        if (!Files.isDirectory(folder)) {
            throw new DatasetException(folder + ": folder of data set " + name
                    + " not found; put the data set there or set the data root to the folder that holds "
                    + reader.folder());
        }
        Split split = reader.read(root, order);
        requireEveryClass(split, folder);
        return new Dataset(
                name,
                split.classNames(),
                ClassTable.resource(templates + "-templates.txt"),
                split.train(),
                split.test());
    }

    private void requireEveryClass(Split split, Path folder) {
        boolean[] seen = new boolean[split.classNames().size()];
        split.train().forEach(item -> seen[item.label()] = true);
        split.test().forEach(item -> seen[item.label()] = true);
        for (int label = 0; label < seen.length; label++) {
            if (!seen[label]) {
                throw new DatasetException(String.format(
                        Locale.ROOT,
                        "%s: class %d (%s) of data set %s has no image; download the data set again",
                        folder,
                        label,
                        split.classNames().get(label),
                        name));
            }
        }
    }
}
