package org.keeplora.data;

import java.util.List;
import java.util.Locale;

/**
 * An opened data set: its images and the names of its classes. Holds no decoded image files.
 *
 * @param name as in {@link DatasetCatalog#names()}
 * @param classNames display name of each class, in label order
 * @param templates prompt templates, at least one; {@code {}} stands for the class name
 * @param train training items in the official order; empty for a probe
 * @param test test items in the official order
 * @param leftOut files of the user's own data set that are not used as items
 */
public record Dataset(
        String name,
        List<String> classNames,
        List<String> templates,
        List<Item> train,
        List<Item> test,
        LeftOut leftOut) {
    /** The placeholder for the class name in a template. */
    public static final String CLASS_NAME = "{}";

    public Dataset {
        classNames = List.copyOf(classNames);
        templates = List.copyOf(templates);
        train = List.copyOf(train);
        test = List.copyOf(test);
        requireTemplates(name, templates);
        requireLabels(name, train, classNames.size());
        requireLabels(name, test, classNames.size());
    }

    /** A data set that leaves no file out. */
    public Dataset(String name, List<String> classNames, List<String> templates, List<Item> train, List<Item> test) {
        this(name, classNames, templates, train, test, LeftOut.NOTHING);
    }

    Dataset leavingOut(LeftOut files) {
        return new Dataset(name, classNames, templates, train, test, files);
    }

    /**
     * A line such as {@code Own: 24 training images, 8 test images; left out 1 file: 1 broken link}; for a probe only
     * the test images.
     */
    public String counts() {
        String training = train.isEmpty() ? "" : counted(train, "training") + ", ";
        String rest = leftOut.files().isEmpty() ? "" : "; " + leftOut.text();
        return name + ": " + training + counted(test, "test") + rest;
    }

    private static String counted(List<Item> items, String half) {
        return items.size() + " " + half + " image" + (items.size() == 1 ? "" : "s");
    }

    /** The prompts made from the first template, one per class, in label order. */
    public List<String> prompts() {
        return classNames.stream()
                .map(className -> templates.get(0).replace(CLASS_NAME, className))
                .toList();
    }

    private static void requireTemplates(String name, List<String> templates) {
        if (templates.isEmpty()) {
            throw new IllegalArgumentException("Dataset " + name + ": no prompt template; there must be one");
        }
        for (String template : templates) {
            if (!template.contains(CLASS_NAME)) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "Dataset %s: prompt template \"%s\" has no %s; it marks the place of the class name",
                        name,
                        template,
                        CLASS_NAME));
            }
        }
    }

    private static void requireLabels(String name, List<Item> items, int classes) {
        for (Item item : items) {
            if (item.label() < 0 || item.label() >= classes) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "Dataset %s: item %s has label %d but there are %d classes",
                        name,
                        item.image().id(),
                        item.label(),
                        classes));
            }
        }
    }
}
