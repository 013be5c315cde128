package org.keeplora.clip;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.keeplora.store.BadFile;
import org.keeplora.store.JsonFile;
import org.keeplora.store.KnownKeys;
import org.keeplora.store.KnownKeys.Treatment;

/**
 * An object in a model's configuration; missing values have the defaults of the program that wrote it.
 *
 * @param path of the object within the file, for example {@code vision_config}; empty for the whole file
 */
record ConfigSection(Path file, String path, JsonNode values) {
    /** Default side of an image in both programs. */
    private static final int IMAGE_SIZE = 224;

    static ConfigSection of(Path file) {
        return new ConfigSection(file, "", JsonFile.object(file, "fetch the model again"));
    }

    /** The object at {@code key}, checked against {@code known}; empty when there is none. */
    ConfigSection section(String key, KnownKeys known) {
        ConfigSection section = new ConfigSection(file, path(key), object(key));
        section.check(known);
        return section;
    }

    JsonNode object(String key) {
        if (has(key) && !values.get(key).isObject()) {
            throw problem(key, "an object is expected");
        }
        return values.path(key);
    }

    /** @throws BadFile naming the first key that {@code known} refuses */
    void check(KnownKeys known) {
        known.check(file, path, values);
    }

    /**
     * @throws BadFile naming a key of {@code known} that affects the result and is null, which is neither a value nor
     *     the default
     */
    void requireValues(KnownKeys known) {
        known.byName().forEach((key, its) -> {
            boolean decides =
                    its.treatment() == Treatment.COMPUTED || !its.values().isEmpty();
            if (decides && values.path(key).isNull()) {
                throw problem(key, "a value is expected");
            }
        });
    }

    boolean has(String key) {
        return values.hasNonNull(key);
    }

    String text(String key, String otherwise) {
        if (has(key) && !values.get(key).isTextual()) {
            throw problem(key, "a text is expected");
        }
        return values.path(key).asText(otherwise);
    }

    boolean truth(String key, boolean otherwise) {
        if (has(key) && !values.get(key).isBoolean()) {
            throw problem(key, "true or false is expected");
        }
        return has(key) ? values.get(key).booleanValue() : otherwise;
    }

    double number(String key, double otherwise) {
        if (has(key) && !values.get(key).isNumber()) {
            throw problem(key, "a number is expected");
        }
        return values.path(key).asDouble(otherwise);
    }

    /** An integer above 0. */
    int count(String key, int otherwise) {
        JsonNode value = values.path(key);
        if (has(key) && !(value.canConvertToInt() && value.canConvertToExactIntegral() && value.intValue() > 0)) {
            throw problem(key, "a whole number above 0 is expected");
        }
        return has(key) ? value.intValue() : otherwise;
    }

    /** The side of a square: a number, two equal numbers, or an object of an equal height and width. */
    int side(String key, int otherwise) {
        JsonNode value = values.path(key);
        JsonNode one = value.isObject() ? value.path("height") : value.isArray() ? value.path(0) : value;
        JsonNode other =
                value.isObject() ? value.path("width") : value.isArray() ? value.path(value.size() - 1) : value;
        if (has(key) && !(one.isInt() && one.equals(other) && one.intValue() > 0 && value.size() <= 2)) {
            throw problem(key, "the side of a square is expected");
        }
        return has(key) ? one.intValue() : otherwise;
    }

    /** Three numbers, one per colour; a single number applies to all three. */
    float[] colours(String key, float[] otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = values.get(key);
        float[] colours = new float[3];
        for (int i = 0; i < colours.length; i++) {
            JsonNode colour = value.isArray() && value.size() == colours.length ? value.get(i) : value;
            if (!colour.isNumber()) {
                throw problem(key, "three numbers are expected");
            }
            colours[i] = colour.floatValue();
        }
        return colours;
    }

    /** @throws BadFile when the configuration, or else its default, contradicts the size of the tensors */
    void requireSize(String key, int otherwise, int ofTensors) {
        if (count(key, otherwise) != ofTensors) {
            throw conflict(key, otherwise, ofTensors);
        }
    }

    /**
     * {@code image_size}, 224 when missing, after a check that it and {@code patch_size} give the number of patches of
     * the tensors.
     *
     * @param usualPatch size of a patch when missing
     */
    int requireImageSize(int usualPatch, ClipArchitecture shapes) {
        if (side("patch_size", usualPatch) != shapes.patchSize()) {
            throw conflict("patch_size", usualPatch, shapes.patchSize());
        }
        int imageSize = side("image_size", IMAGE_SIZE);
        if (imageSize / shapes.patchSize() != shapes.imageSize() / shapes.patchSize()) {
            throw conflict("image_size", IMAGE_SIZE, shapes.imageSize());
        }
        return imageSize;
    }

    private BadFile conflict(String key, int otherwise, int ofTensors) {
        return has(key)
                ? problem(key, "the tensors have " + ofTensors)
                : new BadFile(
                        file, path(key) + " is missing, so it is " + otherwise + "; the tensors have " + ofTensors);
    }

    /** {@code heads}, after a check that it divides {@code width}. */
    int requireDivisor(String key, int heads, int width) {
        if (heads < 1 || width % heads != 0) {
            throw new BadFile(
                    file, path(key) + " makes " + heads + " heads, which do not divide the width of " + width);
        }
        return heads;
    }

    BadFile problem(String key, String expected) {
        return new BadFile(
                file, path(key) + " is " + (values.has(key) ? values.get(key) : "missing") + "; " + expected);
    }

    String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
