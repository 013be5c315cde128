package org.keeplora.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Oxford-IIIT Pet's format: {@code annotations/{trainval,test}.txt} with lines {@code <breed>_<number> <class>
 * <species> <breed of species>}, classes counted from 1. The class name is the breed with spaces and capitals; items
 * are in list order.
 *
 * @param folder holds {@code annotations} and {@code images}
 */
record BreedLists(String folder) implements SplitReader {
    private static final int WORDS = 4;

    @Override
    public Split read(Path root, SplitOrder order) {
        Path lists = root.resolve(folder).resolve("annotations");
        List<TextLine> train = TextLine.of(lists.resolve("trainval.txt"));
        List<String> names = names(train);
        return new Split(
                names,
                half(root, train, names.size()),
                half(root, TextLine.of(lists.resolve("test.txt")), names.size()));
    }

    private static List<String> names(List<TextLine> lines) {
        Map<Integer, String> breeds = new TreeMap<>();
        for (TextLine line : lines) {
            String[] words = words(line);
            String breed = words[0].substring(0, Math.max(0, words[0].lastIndexOf('_')));
            String known = breeds.putIfAbsent(line.label(words[1], 1, Integer.MAX_VALUE - 1), breed);
            if (known != null && !known.equals(breed)) {
                throw line.error("class " + words[1] + " is " + breed + " but was " + known + " before");
            }
        }
        return breeds.values().stream().map(BreedLists::titled).toList();
    }

    private List<Item> half(Path root, List<TextLine> lines, int classes) {
        Path images = root.resolve(folder).resolve("images");
        List<Item> items = new ArrayList<>();
        for (TextLine line : lines) {
            String[] words = words(line);
            items.add(new Item(
                    ImageFile.listed(root, images, words[0] + ".jpg", line::error), line.label(words[1], 1, classes)));
        }
        return items;
    }

    private static String[] words(TextLine line) {
        String[] words = line.text().split("\\s+");
        if (words.length != WORDS) {
            throw line.error(String.format(Locale.ROOT, "needs %d words but is \"%s\"", WORDS, line.text()));
        }
        return words;
    }

    private static String titled(String breed) {
        return Arrays.stream(breed.split("_"))
                .filter(word -> !word.isEmpty())
                .map(word -> Character.toUpperCase(word.charAt(0))
                        + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" "));
    }
}
