package org.keeplora.clip;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Locale;
import org.keeplora.clip.ClipArchitecture.TowerShape;
import org.keeplora.store.BadFile;
import org.keeplora.store.JsonFile;

/** The configuration files beside a checkpoint's weights: what they say that no shape tells, and how we write them. */
final class HuggingFaceConfig {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double EPSILON = 1e-5;
    private static final int BICUBIC = 3;
    private static final int MLP_FACTOR = 4;

    private HuggingFaceConfig() {}

    /**
     * The activation that {@code config.json} names.
     *
     * @throws BadFile naming a key whose value our network does not compute
     */
    static Activation activation(Path config) {
        JsonNode root = read(config);
        require(config, root, "/model_type", "clip");
        String vision = root.at("/vision_config/hidden_act").asText("quick_gelu");
        require(config, root, "/text_config/hidden_act", vision);
        for (String tower : new String[] {"/vision_config", "/text_config"}) {
            JsonNode epsilon = root.at(tower + "/layer_norm_eps");
            if (!epsilon.isMissingNode() && epsilon.asDouble() != EPSILON) {
                throw new BadFile(
                        config, tower.substring(1) + ".layer_norm_eps is " + epsilon + "; only 1e-05 is supported");
            }
            requireHeads(config, root, tower);
        }
        return switch (vision) {
            case "quick_gelu" -> Activation.QUICK_GELU;
            case "gelu" -> Activation.GELU;
            default ->
                throw new BadFile(
                        config, "vision_config.hidden_act is " + vision + "; only quick_gelu and gelu are supported");
        };
    }

    private static void requireHeads(Path config, JsonNode root, String tower) {
        JsonNode width = root.at(tower + "/hidden_size");
        JsonNode heads = root.at(tower + "/num_attention_heads");
        if (width.isInt() && heads.isInt() && new TowerShape(width.asInt(), 0).heads() != heads.asInt()) {
            throw new BadFile(
                    config,
                    tower.substring(1) + " has " + heads.asInt() + " heads for width " + width.asInt()
                            + "; CLIP's heads are 64 wide");
        }
    }

    private static void require(Path config, JsonNode root, String pointer, String value) {
        JsonNode node = root.at(pointer);
        String found = node.isContainerNode() ? node.toString() : node.asText(value);
        if (!found.equals(value)) {
            throw new BadFile(
                    config, pointer.substring(1).replace('/', '.') + " is " + found + "; " + value + " is expected");
        }
    }

    /** open_clip's models compute GELU unless {@code open_clip_config.json} says otherwise. */
    static Activation openClipActivation(Path config) {
        return read(config).at("/model_cfg/quick_gelu").asBoolean() ? Activation.QUICK_GELU : Activation.GELU;
    }

    private static JsonNode read(Path config) {
        return JsonFile.object(config, "fetch the model again");
    }

    /** {@code config.json} of transformers' CLIPModel; start and end of text are a vocabulary's last two tokens. */
    static String config(ClipArchitecture shape, Activation activation, Precision precision) {
        ObjectNode root = JSON.createObjectNode();
        root.putArray("architectures").add("CLIPModel");
        root.put("model_type", "clip");
        root.put("projection_dim", shape.embedding());
        root.put("logit_scale_init_value", 2.6592);
        root.put("torch_dtype", precision.name().toLowerCase(Locale.ROOT));
        ObjectNode text = tower(root.putObject("text_config"), shape, shape.text(), activation);
        text.put("model_type", "clip_text_model");
        text.put("max_position_embeddings", shape.contextLength());
        text.put("vocab_size", shape.vocabulary());
        text.put("bos_token_id", shape.vocabulary() - 2);
        text.put("eos_token_id", shape.vocabulary() - 1);
        ObjectNode vision = tower(root.putObject("vision_config"), shape, shape.vision(), activation);
        vision.put("model_type", "clip_vision_model");
        vision.put("image_size", shape.imageSize());
        vision.put("patch_size", shape.patchSize());
        return root.toPrettyString() + "\n";
    }

    private static ObjectNode tower(ObjectNode node, ClipArchitecture shape, TowerShape tower, Activation activation) {
        node.put("hidden_size", tower.width());
        node.put("intermediate_size", MLP_FACTOR * tower.width());
        node.put("num_hidden_layers", tower.blocks());
        node.put("num_attention_heads", tower.heads());
        node.put("hidden_act", activation == Activation.GELU ? "gelu" : "quick_gelu");
        node.put("projection_dim", shape.embedding());
        return node.put("layer_norm_eps", EPSILON);
    }

    /** {@code preprocessor_config.json}: what {@link ImageTransform} does. */
    static String preprocessor(int imageSize) {
        ObjectNode root = JSON.createObjectNode();
        root.put("image_processor_type", "CLIPImageProcessor");
        root.putObject("crop_size").put("height", imageSize).put("width", imageSize);
        root.putObject("size").put("shortest_edge", imageSize);
        root.put("resample", BICUBIC);
        for (String step : new String[] {"center_crop", "normalize", "resize", "rescale", "convert_rgb"}) {
            root.put("do_" + step, true);
        }
        root.put("rescale_factor", 1 / 255.0);
        for (float mean : ImageTransform.MEAN) {
            root.withArray("image_mean").add(mean);
        }
        for (float deviation : ImageTransform.DEVIATION) {
            root.withArray("image_std").add(deviation);
        }
        return root.toPrettyString() + "\n";
    }

    /** @throws BadFile naming a key of {@code preprocessor_config.json} that asks for other pixels than {@link ImageTransform}'s */
    static void requireOurPixels(Path preprocessor, int imageSize) {
        JsonNode root = read(preprocessor);
        requireNumbers(preprocessor, root, "image_mean", ImageTransform.MEAN);
        requireNumbers(preprocessor, root, "image_std", ImageTransform.DEVIATION);
        requireNumber(preprocessor, "resample", root.path("resample").asInt(BICUBIC), BICUBIC);
        JsonNode size = root.path("size");
        int side = size.isObject() ? size.path("shortest_edge").asInt(imageSize) : size.asInt(imageSize);
        requireNumber(preprocessor, "size", side, imageSize);
    }

    private static void requireNumbers(Path file, JsonNode root, String key, float[] expected) {
        for (int i = 0; i < expected.length && root.has(key); i++) {
            if (Math.abs(root.path(key).path(i).asDouble() - expected[i]) > 1e-6) {
                throw new BadFile(file, key + " is " + root.path(key) + ", not CLIP's; such a model is not supported");
            }
        }
    }

    private static void requireNumber(Path file, String key, int found, int expected) {
        if (found != expected) {
            throw new BadFile(file, key + " is " + found + "; " + expected + " is expected");
        }
    }
}
