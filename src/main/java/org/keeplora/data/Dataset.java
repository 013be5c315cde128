package org.keeplora.data;

import java.util.List;

/**
 * A data set, opened: what its images are and how its classes are called. Holds no decoded image files.
 *
 * @param name as in {@link DatasetCatalog#names()}
 * @param classNames display name of each class, in label order
 * @param prompts the first prompt template filled in, one per class, in label order
 * @param train training items in the official order
 * @param test test items in the official order
 */
public record Dataset(String name, List<String> classNames, List<String> prompts, List<Item> train, List<Item> test) {
    public Dataset {
        classNames = List.copyOf(classNames);
        prompts = List.copyOf(prompts);
        train = List.copyOf(train);
        test = List.copyOf(test);
        if (prompts.size() != classNames.size()) {
            throw new IllegalArgumentException("Dataset %s: %d prompts but %d classes; there must be one per class"
                    .formatted(name, prompts.size(), classNames.size()));
        }
        requireLabels(name, train, classNames.size());
        requireLabels(name, test, classNames.size());
    }

    private static void requireLabels(String name, List<Item> items, int classes) {
        for (Item item : items) {
            if (item.label() < 0 || item.label() >= classes) {
                throw new IllegalArgumentException("Dataset %s: item %s has label %d but there are %d classes"
                        .formatted(name, item.image().id(), item.label(), classes));
            }
        }
    }
}
