package org.keeplora.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.keeplora.store.BadFile;
import org.keeplora.store.JsonFile;

/**
 * Food-101's format: {@code meta/{train,test}.json}, an object from class to a list of {@code <class>/<image>}; classes
 * in name order, items in the order of the file (whose classes are in no particular order).
 *
 * @param folder holds {@code meta} and {@code images}
 */
record JsonLists(String folder) implements SplitReader {
    private static final String ADVICE = "unpack the data set again";

    @Override
    public Split read(Path root, SplitOrder order) {
        Path meta = root.resolve(folder).resolve("meta");
        JsonNode train = object(meta.resolve("train.json"));
        ClassTable classes =
                ClassTable.ofKeys(StreamSupport.stream(((Iterable<String>) train::fieldNames).spliterator(), false)
                        .sorted()
                        .toList());
        Path test = meta.resolve("test.json");
        return new Split(
                classes.names(),
                half(root, meta.resolve("train.json"), train, classes.labels()),
                half(root, test, object(test), classes.labels()));
    }

    private List<Item> half(Path root, Path file, JsonNode lists, Map<String, Integer> labels) {
        Path images = root.resolve(folder).resolve("images");
        List<Item> items = new ArrayList<>();
        for (Map.Entry<String, JsonNode> list : lists.properties()) {
            Integer label = labels.get(list.getKey());
            if (!list.getValue().isArray()) {
                throw damaged(file, String.format(Locale.ROOT, "class \"%s\" is not a list of images", list.getKey()));
            }
            if (label == null) {
                throw damaged(file, String.format(Locale.ROOT, "class \"%s\" is not in train.json", list.getKey()));
            }
            for (JsonNode image : list.getValue()) {
                if (!image.isTextual()) {
                    throw damaged(
                            file,
                            String.format(
                                    Locale.ROOT, "class \"%s\" lists an entry that is not a name", list.getKey()));
                }
                items.add(new Item(
                        ImageFile.listed(root, images, image.asText() + ".jpg", what -> damaged(file, what)), label));
            }
        }
        return items;
    }

    private static JsonNode object(Path file) {
        try {
            JsonNode node = JsonFile.object(file, ADVICE);
            if (node.isEmpty()) {
                throw damaged(file, "expected an object from class to images");
            }
            return node;
        } catch (BadFile e) {
            throw new DatasetException(e.getMessage(), e); // the same type as other faults of a data set
        }
    }

    private static DatasetException damaged(Path file, String what) {
        return new DatasetException(file + ": " + what + "; " + ADVICE);
    }
}
