package org.keeplora.bench.distributed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A CSV file of series, one figure per line: series, part, item, value. Part and item are the path to the figure in a
 * JSON tree. The part is the first name; the item is the other names, joined by slashes, with {@code [0]} for the first
 * element of a list. Text is in quotes, numbers are not; empty lists and null have no line.
 */
record SeriesFile(Path path) {
    private static final String HEADER = "series,part,item,value";
    private static final int COLUMNS = 4;

    /** Appends a series; an existing series of the same name is removed. */
    void write(String series, ObjectNode tree) throws IOException {
        List<String> lines = new ArrayList<>(List.of(HEADER));
        if (Files.exists(path)) {
            Files.readAllLines(path).stream()
                    .skip(1)
                    .filter(line -> !line.startsWith(series + ","))
                    .forEach(lines::add);
        }
        tree.properties().forEach(part -> add(lines, series + "," + part.getKey(), ",", part.getValue()));
        Files.writeString(path, String.join("\n", lines) + "\n");
    }

    private static void add(List<String> lines, String place, String separator, JsonNode node) {
        if (node.isObject()) {
            node.properties()
                    .forEach(entry -> add(lines, place + separator + name(entry.getKey()), "/", entry.getValue()));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                add(lines, place + separator + "[" + i + "]", "/", node.get(i));
            }
        } else if (!node.isNull()) {
            lines.add(place + (separator.equals(",") ? ",," : ",") + value(node));
        }
    }

    private static String name(String name) {
        if (name.matches(".*[,/\"\n].*")) {
            throw new IllegalArgumentException("a name in a series is \"" + name + "\"; it must be without , / and \"");
        }
        return name;
    }

    private static String value(JsonNode node) {
        return node.isTextual() ? "\"" + node.textValue().replace("\"", "\"\"") + "\"" : node.asText();
    }

    /** @throws IllegalArgumentException naming the existing series, when this one does not exist */
    ObjectNode read(String series) throws IOException {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        List<String> lines = Files.readAllLines(path);
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", COLUMNS);
            if (cells[0].equals(series)) {
                String names = cells[2].isEmpty() ? cells[1] : cells[1] + "/" + cells[2];
                put(tree, names.split("/"), parsed(cells[COLUMNS - 1]));
            }
        }
        if (tree.isEmpty()) {
            List<String> there = lines.stream()
                    .skip(1)
                    .map(line -> line.substring(0, line.indexOf(',')))
                    .distinct()
                    .toList();
            throw new IllegalArgumentException(path + " has no series " + series + "; it has " + there);
        }
        return tree;
    }

    private static JsonNode parsed(String value) throws IOException {
        return value.startsWith("\"")
                ? TextNode.valueOf(value.substring(1, value.length() - 1).replace("\"\"", "\""))
                : Results.JSON.readTree(value);
    }

    private static void put(ObjectNode tree, String[] names, JsonNode value) {
        JsonNode at = tree;
        for (int i = 0; i < names.length; i++) {
            boolean last = i == names.length - 1;
            at = child(at, names[i], last ? value : names[i + 1].startsWith("[") ? list() : object());
        }
    }

    private static JsonNode list() {
        return JsonNodeFactory.instance.arrayNode();
    }

    private static JsonNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The child of a node under a name; if absent, {@code fresh} is added. */
    private static JsonNode child(JsonNode parent, String name, JsonNode fresh) {
        if (parent instanceof ArrayNode list) {
            int index = Integer.parseInt(name.substring(1, name.length() - 1));
            if (index == list.size()) {
                list.add(fresh);
            }
            return list.get(index);
        }
        ObjectNode object = (ObjectNode) parent;
        if (!object.has(name)) {
            object.set(name, fresh);
        }
        return object.get(name);
    }
}
