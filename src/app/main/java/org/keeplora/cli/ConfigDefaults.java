package org.keeplora.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.keeplora.method.Preset;

/**
 * Default values of a configuration: the resource {@code defaults.yaml}, the values of the preset, and this machine's
 * cores.
 */
final class ConfigDefaults {
    private static final ObjectNode WRITTEN = written();

    private ConfigDefaults() {}

    private static ObjectNode written() {
        try (InputStream resource = ConfigDefaults.class.getResourceAsStream("defaults.yaml")) {
            return (ObjectNode) ConfigYaml.MAPPER.readTree(resource);
        } catch (IOException e) {
            throw new UncheckedIOException("resource defaults.yaml cannot be read", e);
        }
    }

    /**
     * All keys of {@code given}, which is not changed, plus defaults for keys that are missing or null; epochs for each
     * task.
     */
    static ObjectNode under(ObjectNode given) {
        ObjectNode keys = WRITTEN.deepCopy();
        Preset preset = preset(given.path("method").get("preset"));
        ObjectNode method = section(keys, "method");
        method.setAll(ConfigYaml.MAPPER.<ObjectNode>valueToTree(preset.switches()));
        section(method, "weight_energy").put("vision", preset.visionWeightEnergy());
        section(keys, "runtime").put("threads", Runtime.getRuntime().availableProcessors());
        replace(keys, given.deepCopy());
        spreadEpochs(keys);
        return keys;
    }

    private static ObjectNode section(ObjectNode keys, String name) {
        return (ObjectNode) keys.get(name);
    }

    /**
     * The preset of {@code node}, or the default if it names none. An invalid name is reported later, when all keys
     * become values.
     */
    private static Preset preset(JsonNode node) {
        JsonNode name = node == null || node.isNull() ? WRITTEN.at("/method/preset") : node;
        try {
            return ConfigYaml.MAPPER.treeToValue(name, Preset.class);
        } catch (JsonProcessingException | ConfigProblem e) {
            return Preset.PAPER;
        }
    }

    private static void replace(ObjectNode defaults, ObjectNode given) {
        given.properties().forEach(entry -> {
            JsonNode otherwise = defaults.get(entry.getKey());
            if (otherwise instanceof ObjectNode below && entry.getValue() instanceof ObjectNode above) {
                replace(below, above);
            } else if (otherwise == null || !entry.getValue().isNull()) {
                defaults.set(entry.getKey(), entry.getValue());
            }
        });
    }

    /** Uses a single number of epochs for every task. */
    private static void spreadEpochs(ObjectNode keys) {
        JsonNode epochs = keys.at("/train/epochs");
        JsonNode one = epochs.isArray() && epochs.size() == 1 ? epochs.get(0) : epochs;
        JsonNode tasks = keys.at("/data/tasks");
        if (one.isIntegralNumber() && tasks.isArray()) {
            ArrayNode each = section(keys, "train").putArray("epochs");
            tasks.forEach(task -> each.add(one));
        }
    }
}
