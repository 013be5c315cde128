package org.keeplora.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * DTD's format: {@code labels/{train1,test1}.txt} (the first of ten partitions) with lines {@code <class>/<file>}; the
 * classes are those of the training list in name order; items are in list order. {@code val1} is left out, as the
 * official program does.
 *
 * @param folder holds {@code labels} and {@code images}
 */
record PathLists(String folder) implements SplitReader {
    @Override
    public Split read(Path root, SplitOrder order) {
        Path lists = root.resolve(folder).resolve("labels");
        List<TextLine> train = TextLine.of(lists.resolve("train1.txt"));
        ClassTable classes = ClassTable.ofKeys(
                train.stream().map(line -> line.cut("/")[0]).sorted().distinct().toList());
        return new Split(
                classes.names(),
                half(root, train, classes.labels()),
                half(root, TextLine.of(lists.resolve("test1.txt")), classes.labels()));
    }

    private List<Item> half(Path root, List<TextLine> lines, Map<String, Integer> labels) {
        Path images = root.resolve(folder).resolve("images");
        List<Item> items = new ArrayList<>();
        for (TextLine line : lines) {
            Integer label = labels.get(line.cut("/")[0]);
            if (label == null) {
                throw line.error(String.format(Locale.ROOT, "class \"%s\" is not in train1.txt", line.cut("/")[0]));
            }
            items.add(new Item(ImageFile.listed(root, images, line.text(), line::error), label));
        }
        return items;
    }
}
