package org.keeplora.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;

/**
 * The keys of a configuration, from one or more files, before they become values.
 *
 * @param root changed in place
 */
record ConfigTree(ObjectNode root) {
    /** Sections that may be given as a plain text, and the key that the text then sets. */
    private static final Map<String, String> SHORT = Map.of("model", "checkpoint", "data", "root");

    ConfigTree copy() {
        return new ConfigTree(root.deepCopy());
    }

    /**
     * Sets the key {@code path}, as in {@code train.seed}, to a value given on the command line. Creates missing
     * sections.
     */
    void set(String path, String yaml) throws IOException {
        String[] keys = path.split("\\.");
        ConfigProblem.unless(keys.length > 0, "'%s' is no key; write it as key.path", path);
        JsonNode value = ConfigYaml.value(path, yaml);
        if (keys.length == 1 && SHORT.containsKey(path) && value.isTextual()) {
            keys = new String[] {path, SHORT.get(path)};
        }
        ObjectNode node = root;
        for (int i = 0; i < keys.length - 1; i++) {
            JsonNode next = node.get(keys[i]);
            node = next instanceof ObjectNode object ? object : node.putObject(keys[i]);
        }
        node.set(keys[keys.length - 1], value.isMissingNode() ? null : value);
    }

    /** Replaces the short forms {@code model: PATH} and {@code data: FOLDER} by sections. */
    void expandShort() {
        SHORT.forEach((key, inner) -> {
            JsonNode value = root.get(key);
            if (value != null && value.isTextual()) {
                root.putObject(key).set(inner, value);
            }
        });
    }

    /** Lays these keys over {@code lower}, which is changed: sections are merged, everything else is replaced. */
    ConfigTree over(ConfigTree lower) {
        merge(lower.root, root);
        return lower;
    }

    private static void merge(ObjectNode lower, ObjectNode upper) {
        upper.properties().forEach(entry -> {
            if (lower.get(entry.getKey()) instanceof ObjectNode below && entry.getValue() instanceof ObjectNode above) {
                merge(below, above);
            } else {
                lower.set(entry.getKey(), entry.getValue());
            }
        });
    }

    /** @throws ConfigProblem naming the key, its value and what is expected, but not the source of the key */
    RunConfig config() {
        ObjectNode complete = ConfigDefaults.under(root);
        try {
            return ConfigYaml.MAPPER.treeToValue(complete, RunConfig.class);
        } catch (JsonMappingException e) {
            throw new KeyProblem(complete).of(e);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of keys is no text that could be malformed", e);
        }
    }
}
