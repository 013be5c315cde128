package org.keeplora.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * FGVC-Aircraft's format: {@code variants.txt} (line order = label) and {@code images_variant_{train,test}.txt} with
 * lines {@code <image> <variant>}; items are in list order. The official program trains on {@code train} only and
 * leaves {@code val} out.
 *
 * @param folder holds the lists and {@code images/<image>.jpg}
 */
record VariantLists(String folder) implements SplitReader {
    @Override
    public Split read(Path root, SplitOrder order) {
        ClassTable classes = ClassTable.ofKeys(TextLine.of(root.resolve(folder).resolve("variants.txt")).stream()
                .map(TextLine::text)
                .toList());
        return new Split(classes.names(), half(root, classes, "train"), half(root, classes, "test"));
    }

    private List<Item> half(Path root, ClassTable classes, String split) {
        Map<String, Integer> labels = classes.labels();
        Path home = root.resolve(folder);
        List<Item> items = new ArrayList<>();
        for (TextLine line : TextLine.of(home.resolve("images_variant_" + split + ".txt"))) {
            String[] parts = line.cut(" ");
            Integer label = labels.get(parts[1]);
            if (label == null) {
                throw line.error(String.format(Locale.ROOT, "variant \"%s\" is not in variants.txt", parts[1]));
            }
            items.add(new Item(ImageFile.listed(root, home.resolve("images"), parts[0] + ".jpg", line::error), label));
        }
        return items;
    }
}
