package org.keeplora.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The keys that a reader knows in another program's settings, each with its {@link Treatment}. A file with an unknown
 * key or an unsupported value means something that we would not compute, so it is refused.
 */
public final class KnownKeys {
    /** What a reader does with a key. */
    public enum Treatment {
        /** Its value is used; the reader checks it. */
        COMPUTED,
        /** No value of this key changes the result. */
        HARMLESS,
        /** Only certain values are supported. */
        RESTRICTED
    }

    /**
     * A known key.
     *
     * @param values the supported values, as JSON writes them; empty when only values that switch the key off are
     *     supported
     */
    public record Known(Treatment treatment, List<Object> values) {
        private boolean supports(JsonNode value) {
            return treatment != Treatment.RESTRICTED
                    || (values.isEmpty() ? isOff(value) : values.stream().anyMatch(one -> same(one, value)));
        }

        private static boolean same(Object one, JsonNode value) {
            return one instanceof Number number
                    ? value.isNumber() && value.doubleValue() == number.doubleValue()
                    : value.isValueNode() && value.asText().equals(one.toString());
        }
    }

    private final Map<String, Known> keys = new TreeMap<>();

    /** Adds keys whose values the reader uses. */
    public KnownKeys computed(String... names) {
        return all(new Known(Treatment.COMPUTED, List.of()), names);
    }

    /** Adds keys that may have any value. */
    public KnownKeys harmless(String... names) {
        return all(new Known(Treatment.HARMLESS, List.of()), names);
    }

    /**
     * Adds a key that may hold only {@code values}: strings, numbers or booleans. Null is accepted too, as the default.
     */
    public KnownKeys only(String name, Object... values) {
        return all(new Known(Treatment.RESTRICTED, List.of(values)), name);
    }

    /** Adds keys that must be absent or switched off: null, false, "", [] or {}. */
    public KnownKeys off(String... names) {
        return all(new Known(Treatment.RESTRICTED, List.of()), names);
    }

    private KnownKeys all(Known known, String... names) {
        Arrays.stream(names).forEach(name -> {
            if (keys.put(name, known) != null) {
                throw new IllegalArgumentException("key " + name + " is listed twice");
            }
        });
        return this;
    }

    /** All known keys in alphabetical order. */
    public Map<String, Known> byName() {
        return Collections.unmodifiableMap(keys);
    }

    /**
     * Checks every key of {@code settings}.
     *
     * @param path of {@code settings} within the file, as in {@code vision_config}; empty for the whole file
     * @throws BadFile naming the first key that is unknown and not switched off (null, false, "", [] or {}), or whose
     *     value is not supported
     */
    public void check(Path file, String path, JsonNode settings) {
        for (Map.Entry<String, JsonNode> entry : settings.properties()) {
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                continue;
            }
            String key = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
            Known known = keys.get(entry.getKey());
            if (known == null && !isOff(value)) {
                throw new BadFile(
                        file,
                        key + " is " + value
                                + ", a setting that is not known here and could change the result; the file can be used only without it");
            }
            if (known != null && !known.supports(value)) {
                String supported = known.values().stream().map(Object::toString).collect(Collectors.joining(" or "));
                throw new BadFile(
                        file,
                        key + " is " + value
                                + (supported.isEmpty()
                                        ? ", which is not supported"
                                        : "; only " + supported + " is supported"));
            }
        }
    }

    private static boolean isOff(JsonNode value) {
        return value.isContainerNode()
                ? value.isEmpty()
                : value.isBoolean() && !value.booleanValue() || value.asText().isEmpty();
    }
}
