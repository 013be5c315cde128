package org.keeplora.clip;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.keeplora.clip.ClipArchitecture.TowerArchitecture;
import org.keeplora.data.RgbImage;
import org.keeplora.store.NamedArray;
import org.keeplora.store.Safetensors;

/**
 * A small CLIP in a configuration that transformers or open_clip has computed; {@code
 * src/app/test/python/clip_variants.py} has the same formulas and wrote the expected values.
 *
 * @param files the configuration, by file name
 * @param logits [2 images x 3 texts]
 * @param pixels of {@link #image} as the network reads them, at 48 places
 */
record ClipVariant(String name, String program, Map<String, String> files, float[] logits, float[] pixels) {
    private static final int[] PLACES = {0, 5, 10, 15};

    @Override
    public String toString() {
        return program + ": " + name;
    }

    static List<ClipVariant> all() {
        try (InputStream in = ClipVariant.class.getResourceAsStream("clip-variants.json")) {
            List<ClipVariant> variants = new ArrayList<>();
            for (JsonNode node : new ObjectMapper().readTree(in).get("variants")) {
                Map<String, String> files = new TreeMap<>();
                node.get("files")
                        .properties()
                        .forEach(
                                file -> files.put(file.getKey(), file.getValue().toString()));
                variants.add(new ClipVariant(
                        node.get("name").asText(),
                        node.get("program").asText(),
                        files,
                        floats(node.get("logits")),
                        floats(node.get("pixels"))));
            }
            return variants;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static float[] floats(JsonNode numbers) {
        List<Float> values = new ArrayList<>();
        numbers.forEach(node -> {
            for (float value : node.isArray() ? floats(node) : new float[] {node.floatValue()}) {
                values.add(value);
            }
        });
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return array;
    }

    static ClipVariant of(String program, String name) {
        return all().stream()
                .filter(one -> one.program.equals(program) && one.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    boolean isOpenClip() {
        return program.equals("open_clip");
    }

    /** Writes configuration and weights into {@code folder} as the program does, and returns the weights' file. */
    Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(isOpenClip() ? "open_clip_model.safetensors" : "model.safetensors");
        FreshClip.write(file, shapes(), 1);
        Safetensors fresh = Safetensors.open(file);
        TensorNames names = isOpenClip() ? TensorNames.OPENAI : TensorNames.HUGGING_FACE;
        List<NamedArray> arrays = new ArrayList<>();
        for (String name : fresh.names()) {
            arrays.addAll(stored(names.stored(name), fresh.shape(name), drawn(name, fresh.shape(name))));
        }
        Safetensors.write(file, arrays, Map.of("format", "pt"));
        for (Map.Entry<String, String> config : files.entrySet()) {
            Files.writeString(folder.resolve(config.getKey()), config.getValue());
        }
        return file;
    }

    private static List<NamedArray> stored(TensorNames.Stored stored, long[] shape, float[] values) {
        int parts = stored.parts().size();
        if (stored.transposed()) {
            int columns = (int) shape[1];
            float[] transposed = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                transposed[i % columns * (values.length / columns) + i / columns] = values[i];
            }
            return List.of(NamedArray.of(stored.parts().get(0), new long[] {shape[1], shape[0]}, transposed));
        }
        List<NamedArray> arrays = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            int length = values.length / parts;
            long[] its = shape.clone();
            if (parts > 1) {
                its[0] /= parts;
            }
            arrays.add(NamedArray.of(
                    stored.parts().get(part), its, Arrays.copyOfRange(values, part * length, (part + 1) * length)));
        }
        return arrays;
    }

    private ClipArchitecture shapes() throws IOException {
        JsonNode root = new ObjectMapper().readTree(files.get(isOpenClip() ? "open_clip_config.json" : "config.json"));
        JsonNode model = isOpenClip() ? root.get("model_cfg") : root;
        JsonNode vision = section(model, "vision_c");
        JsonNode text = section(model, "text_c");
        int patch = vision.get("patch_size").asInt();
        return ClipArchitecture.of(tower(vision), tower(text))
                .imageSize(vision.get("image_size").asInt() / patch * patch)
                .patchSize(patch)
                .embedding(
                        model.get(isOpenClip() ? "embed_dim" : "projection_dim").asInt())
                .contextLength(12)
                .vocabulary(64)
                .build();
    }

    private JsonNode section(JsonNode model, String start) {
        JsonNode plain = model.path(start + (isOpenClip() ? "fg" : "onfig"));
        return model.has(start + "onfig_dict") ? model.get(start + "onfig_dict") : plain;
    }

    /** The number of heads does not change a shape. */
    private TowerArchitecture tower(JsonNode section) {
        int width = section.get(isOpenClip() ? "width" : "hidden_size").asInt();
        int mlp = isOpenClip()
                ? (int) (section.path("mlp_ratio").asDouble(4) * width)
                : section.get("intermediate_size").asInt();
        int blocks = section.get(isOpenClip() ? "layers" : "num_hidden_layers").asInt();
        return new TowerArchitecture(width, blocks, 1, mlp, Activation.GELU);
    }

    /**
     * Numbers between -1 and 1 that depend only on the name, divided by the root of a row's length; norms lie around 1.
     */
    static float[] drawn(String name, long... shape) {
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        float[] values = new float[count];
        if (name.equals("logit_scale")) {
            Arrays.fill(values, 1);
            return values;
        }
        CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < count; i++) {
            double wave = 43758.5453 * Math.sin(12.9898 * i + crc.getValue() % 1000);
            double value = (2 * (wave - Math.floor(wave)) - 1) / (shape.length > 1 ? Math.sqrt(count / shape[0]) : 5);
            values[i] = (float) (shape.length == 1 && name.endsWith("weight") ? 1 + value : value);
        }
        return values;
    }

    /** 28 x 62 pixels of slanted stripes: a square crop leaves 19 pixels over, which programs divide differently. */
    static RgbImage image() {
        byte[] bytes = new byte[28 * 62 * 3];
        for (int y = 0, i = 0; y < 62; y++) {
            for (int x = 0; x < 28; x++) {
                for (int colour = 0; colour < 3; colour++) {
                    bytes[i++] = (byte) (5 * x + 2 * y + 40 * colour);
                }
            }
        }
        return new RgbImage(28, 62, bytes);
    }

    /** The values of [3 x side x side] at the places of {@link #pixels}. */
    static float[] sampled(float[] planes, int side) {
        float[] samples = new float[3 * PLACES.length * PLACES.length];
        int i = 0;
        for (int colour = 0; colour < 3; colour++) {
            for (int y : PLACES) {
                for (int x : PLACES) {
                    samples[i++] = planes[(colour * side + y) * side + x];
                }
            }
        }
        return samples;
    }
}
