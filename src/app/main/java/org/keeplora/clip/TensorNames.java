package org.keeplora.clip;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.keeplora.store.ArraySource;
import org.keeplora.store.ArraysBelow;
import org.keeplora.store.BadFile;

/** The tensor names of a checkpoint's layout. Our code uses OpenAI's names. */
enum TensorNames {
    /** OpenAI and open_clip. */
    OPENAI {
        @Override
        Stored stored(String name) {
            return new Stored(List.of(name), false);
        }

        @Override
        String blocks(Tower tower) {
            return tower.prefix() + ".resblocks.";
        }
    },
    /** Transformers' CLIPModel: query, key and value in separate tensors, projections transposed. */
    HUGGING_FACE {
        @Override
        Stored stored(String name) {
            if (WHOLE.containsKey(name)) {
                return new Stored(List.of(WHOLE.get(name)), TRANSPOSED.contains(name));
            }
            int dot = name.lastIndexOf('.');
            if (!name.contains("resblocks.")) {
                return new Stored(List.of(NORMS.get(name.substring(0, dot)) + name.substring(dot)), false);
            }
            boolean vision = name.startsWith("visual.");
            String inTower = name.substring(name.indexOf("resblocks.") + "resblocks.".length());
            String block = inTower.substring(0, inTower.indexOf('.') + 1);
            String prefix = blocks(vision ? Tower.VISION : Tower.TEXT) + block;
            String part = inTower.substring(block.length());
            if (part.startsWith("attn.in_proj_")) {
                String kind = part.substring("attn.in_proj_".length());
                return new Stored(
                        Stream.of("q", "k", "v")
                                .map(projection -> prefix + "self_attn." + projection + "_proj." + kind)
                                .toList(),
                        false);
            }
            int last = part.lastIndexOf('.');
            return new Stored(List.of(prefix + PARTS.get(part.substring(0, last)) + part.substring(last)), false);
        }

        @Override
        String blocks(Tower tower) {
            return (tower == Tower.VISION ? "vision_model" : "text_model") + ".encoder.layers.";
        }
    };

    /** Names of the training state that some programs store beside the model. */
    private static final Pattern TRAINING_STATE =
            Pattern.compile("(optim|optimizers?|(lr_)?schedulers?|(grad_)?scaler|amp|rng)(_states?|_state_dict)?\\.");

    private static final Map<String, String> WHOLE = Map.of(
            "visual.conv1.weight", "vision_model.embeddings.patch_embedding.weight",
            "visual.class_embedding", "vision_model.embeddings.class_embedding",
            "visual.positional_embedding", "vision_model.embeddings.position_embedding.weight",
            "visual.proj", "visual_projection.weight",
            "token_embedding.weight", "text_model.embeddings.token_embedding.weight",
            "positional_embedding", "text_model.embeddings.position_embedding.weight",
            "text_projection", "text_projection.weight",
            "logit_scale", "logit_scale");
    private static final Set<String> TRANSPOSED = Set.of("visual.proj", "text_projection");
    private static final Map<String, String> NORMS = Map.of(
            "visual.ln_pre", "vision_model.pre_layrnorm",
            "visual.ln_post", "vision_model.post_layernorm",
            "ln_final", "text_model.final_layer_norm");
    private static final Map<String, String> PARTS = Map.of(
            "ln_1", "layer_norm1",
            "ln_2", "layer_norm2",
            "attn.out_proj", "self_attn.out_proj",
            "mlp.c_fc", "mlp.fc1",
            "mlp.c_proj", "mlp.fc2");

    /**
     * The place of a tensor.
     *
     * @param parts names of arrays to concatenate along the first dimension
     * @param transposed whether the array is the tensor's transpose
     */
    record Stored(List<String> parts, boolean transposed) {}

    /** The place of the tensor that OpenAI calls {@code name}. */
    abstract Stored stored(String name);

    /** The prefix of the names of a tower's blocks; the block's number follows. */
    abstract String blocks(Tower tower);

    /** The layout to which the names belong, with or without a prefix. */
    static TensorNames of(Set<String> names) {
        return names.stream().anyMatch(name -> name.contains("vision_model.")) ? HUGGING_FACE : OPENAI;
    }

    /**
     * The model in {@code whole}, with any prefix removed: {@code module.} of parallel training, {@code state_dict.} or
     * {@code model.} of a training checkpoint. An optimizer's state is ignored.
     *
     * @throws BadFile when there are several models, or other tensors besides the model
     */
    ArraySource unwrap(ArraySource whole) {
        String anchor = stored("visual.conv1.weight").parts().get(0);
        List<String> prefixes = whole.names().stream()
                .filter(name -> name.equals(anchor) || name.endsWith("." + anchor))
                .map(name -> name.substring(0, name.length() - anchor.length()))
                .toList();
        if (prefixes.isEmpty() || prefixes.equals(List.of(""))) {
            return whole;
        }
        if (prefixes.size() > 1) {
            throw new BadFile(
                    whole.file(),
                    "holds " + prefixes.size() + " models, '" + String.join("', '", prefixes)
                            + "'; save the intended one in its own file");
        }
        String prefix = prefixes.get(0);
        List<String> below =
                whole.names().stream().filter(name -> name.startsWith(prefix)).toList();
        whole.names().stream()
                .filter(name -> !name.startsWith(prefix)
                        && !TRAINING_STATE.matcher(name).lookingAt()
                        && Arrays.stream(whole.shape(name))
                                .anyMatch(size -> size != 1)) // a single number is a step or a loss
                .findFirst()
                .ifPresent(other -> {
                    throw new BadFile(
                            whole.file(),
                            "holds " + other + " beside the model at '" + prefix + "'; save the model in its own file");
                });
        return new ArraysBelow(whole, prefix, below);
    }
}
