package org.keeplora.clip;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.keeplora.store.BadFile;

/**
 * The modules that an adapter's settings select. PEFT ignores the tensors of all others, so a file with such tensors is
 * refused.
 */
final class PeftTargets {
    private static final String ALL = "all-linear";
    private static final String LAYERS = "layers";

    private final ConfigSection config;

    PeftTargets(ConfigSection config) {
        this.config = config;
        List<String> layers = texts("layers_pattern");
        if (!layers.isEmpty() && !layers.equals(List.of(LAYERS))) {
            throw config.problem("layers_pattern", "only " + LAYERS + " is supported");
        }
    }

    /** @throws BadFile naming the key that excludes {@code module} of block {@code block} */
    void require(String module, int block) {
        if (config.has("target_modules") && !names("target_modules", module)) {
            throw leftOut("target_modules", module);
        }
        if (config.has("exclude_modules") && names("exclude_modules", module)) {
            throw leftOut("exclude_modules", module);
        }
        List<Integer> blocks = numbers("layers_to_transform");
        boolean list = config.values().path("target_modules").isArray();
        if (list && !blocks.isEmpty() && !blocks.contains(block)) {
            throw leftOut("layers_to_transform", module);
        }
    }

    private BadFile leftOut(String key, String module) {
        return config.problem(key, "PEFT leaves " + module + " out by this setting, but the file holds its tensors");
    }

    /**
     * Whether the setting {@code key} selects {@code module}. A string is an expression for the whole name; a list
     * holds the ends of names.
     */
    private boolean names(String key, String module) {
        if (config.values().path(key).isTextual()) {
            String text = config.values().path(key).asText();
            return text.equals(ALL)
                    || ModulePattern.ofWhole(config.file(), key, text).matches(module);
        }
        return texts(key).stream().anyMatch(end -> module.equals(end) || module.endsWith("." + end));
    }

    private List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (JsonNode value : values(key)) {
            if (!value.isTextual()) {
                throw config.problem(key, "texts are expected");
            }
            texts.add(value.asText());
        }
        return texts;
    }

    private List<Integer> numbers(String key) {
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode value : values(key)) {
            if (!value.canConvertToInt()) {
                throw config.problem(key, "whole numbers are expected");
            }
            numbers.add(value.intValue());
        }
        return numbers;
    }

    /** The elements of a list, or a value that is not in a list. */
    private List<JsonNode> values(String key) {
        List<JsonNode> values = new ArrayList<>();
        JsonNode value = config.values().path(key);
        if (value.isArray()) {
            value.forEach(values::add);
        } else if (config.has(key)) {
            values.add(value);
        }
        return values;
    }
}
