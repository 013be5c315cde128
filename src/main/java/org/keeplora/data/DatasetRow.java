package org.keeplora.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One line of the catalogue.
 *
 * @param name as the benchmark calls it
 * @param template first prompt template; {@code {}} stands for the class name
 * @param reader reads its disk format
 */
record DatasetRow(String name, String template, SplitReader reader) {
    Dataset open(Path root, SplitOrder order) {
        Path folder = root.resolve(reader.folder());
        if (!Files.isDirectory(folder)) {
            throw new DatasetException(
                    "%s: folder of data set %s not found; put the data set there or set the data root to the folder that holds %s"
                            .formatted(folder, name, reader.folder()));
        }
        Split split = reader.read(root, order);
        requireEveryClass(split, folder);
        List<String> prompts = split.classNames().stream()
                .map(className -> template.replace("{}", className))
                .toList();
        return new Dataset(name, split.classNames(), prompts, split.train(), split.test());
    }

    private void requireEveryClass(Split split, Path folder) {
        boolean[] seen = new boolean[split.classNames().size()];
        split.train().forEach(item -> seen[item.label()] = true);
        split.test().forEach(item -> seen[item.label()] = true);
        for (int label = 0; label < seen.length; label++) {
            if (!seen[label]) {
                throw new DatasetException("%s: class %d (%s) of data set %s has no image; download the data set again"
                        .formatted(folder, label, split.classNames().get(label), name));
            }
        }
    }
}
