package org.keeplora.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Places365's validation half, a probe: {@code categories_places365.txt} with lines {@code /<letter>/<class> <label>}
 * and {@code places365_val.txt} with lines {@code <file> <label>}; items are in list order.
 *
 * @param folder holds both lists and {@code val_256/<file>}
 */
record SceneList(String folder) implements SplitReader {
    @Override
    public Split read(Path root, SplitOrder order) {
        Path home = root.resolve(folder);
        List<String> names = names(home.resolve("categories_places365.txt"));
        List<Item> items = new ArrayList<>();
        for (TextLine line : TextLine.of(home.resolve("places365_val.txt"))) {
            String[] parts = line.cut(" ");
            items.add(new Item(
                    ImageFile.listed(root, home.resolve("val_256"), parts[0], line::error),
                    line.label(parts[1], 0, names.size())));
        }
        return new Split(names, List.of(), items);
    }

    private static List<String> names(Path file) {
        List<String> names = new ArrayList<>();
        for (TextLine line : TextLine.of(file)) {
            String[] parts = line.cut(" ");
            if (line.label(parts[1], 0, Integer.MAX_VALUE) != names.size()) {
                throw line.error("label " + parts[1] + " but " + names.size() + " comes next");
            }
            names.add(ClassTable.spaced(SceneFolders.className(new TextLine(file, line.number(), parts[0]))));
        }
        return names;
    }
}
