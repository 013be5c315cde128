package org.keeplora.clip;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.keeplora.clip.ClipArchitecture.TowerArchitecture;
import org.keeplora.store.BadFile;
import org.keeplora.store.KnownKeys;

/**
 * {@code config.json} of transformers' CLIPModel with the image processor's file beside it, read with the defaults of
 * transformers: a {@code text_config_dict} or {@code vision_config_dict} replaces the section of that name, and
 * {@code processor_config.json} the {@code preprocessor_config.json}. Checked against transformers 5.18.
 */
final class TransformersConfig implements ClipConfig {
    static final String FILE = "config.json";
    private static final List<String> PROCESSORS = List.of("processor_config.json", "preprocessor_config.json");

    /** Image processors that compute the same as {@link ImageTransform}. */
    private static final Object[] PROCESSOR_TYPES = {
        "CLIPImageProcessor", "CLIPImageProcessorFast", "CLIPImageProcessorPil", "CLIPFeatureExtractor"
    };

    /** Keys of the whole file. */
    static final KnownKeys MODEL = inherited()
            .only("model_type", "clip")
            .computed("text_config", "vision_config", "text_config_dict", "vision_config_dict", "projection_dim")
            .harmless("logit_scale_init_value", "initializer_factor")
            .harmless("bos_token_id", "eos_token_id", "pad_token_id");
    /** Keys of {@code text_config}. */
    static final KnownKeys TEXT = tower().computed("max_position_embeddings", "vocab_size", "eos_token_id")
            .harmless("bos_token_id", "pad_token_id");
    /** Keys of {@code vision_config}. */
    static final KnownKeys VISION = tower().computed("image_size", "patch_size")
            .only("num_channels", 3)
            .harmless("bos_token_id", "eos_token_id", "pad_token_id");
    /** Keys of the image processor; {@code crop_rounding} is our own and transformers ignores it. */
    static final KnownKeys PIXELS = new KnownKeys()
            .computed(
                    "size", "crop_size", "do_center_crop", "do_normalize", "image_mean", "image_std", "rescale_factor")
            .only("resample", 3)
            .only("do_resize", true)
            .only("do_rescale", true)
            .only("image_processor_type", PROCESSOR_TYPES)
            .only("feature_extractor_type", PROCESSOR_TYPES)
            .off("default_to_square", "use_square_size", "do_pad", "pad_size")
            .computed("crop_rounding")
            .harmless("use_fast")
            .harmless("do_convert_rgb", "processor_class", "_valid_processor_keys", "image_seq_length")
            .harmless("data_format", "input_data_format", "return_tensors", "device", "disable_grouping");

    /** The value that means "the highest token" in configurations before transformers 4.31. */
    private static final int HIGHEST_TOKEN = 2;

    private static final int END_OF_TEXT = 49407;

    private final ConfigSection model;
    private final ConfigSection text;
    private final ConfigSection vision;

    TransformersConfig(Path file) {
        model = ConfigSection.of(file);
        model.check(MODEL);
        text = section("text_config", TEXT);
        vision = section("vision_config", VISION);
    }

    /**
     * Whether {@code file} is a configuration of transformers; other programs, such as timm, also write a {@code
     * config.json}.
     */
    static boolean isOne(Path file) {
        return Files.isRegularFile(file) && ConfigSection.of(file).has("model_type");
    }

    private ConfigSection section(String key, KnownKeys known) {
        String winner = key + "_dict";
        return model.section(model.has(winner) ? winner : key, known);
    }

    /** Keys of all configurations that transformers has written since 4.0; none is specific to CLIP. */
    private static KnownKeys inherited() {
        return new KnownKeys()
                .harmless("_name_or_path", "name_or_path", "_commit_hash", "transformers_version", "architectures")
                .harmless("dtype", "torch_dtype", "use_bfloat16", "torchscript", "tf_legacy_loss", "return_dict")
                .harmless("output_attentions", "output_hidden_states", "output_scores", "return_dict_in_generate")
                .harmless("attn_implementation", "_attn_implementation", "_attn_implementation_autoset")
                .harmless("_attn_implementation_internal", "chunk_size_feed_forward", "gradient_checkpointing")
                .harmless(
                        "id2label", "label2id", "num_labels", "problem_type", "finetuning_task", "task_specific_params")
                .harmless("tie_word_embeddings", "tie_encoder_decoder", "tokenizer_class", "prefix", "sep_token_id")
                .harmless("decoder_start_token_id", "forced_bos_token_id", "forced_eos_token_id", "max_length")
                .harmless("min_length", "do_sample", "early_stopping", "num_beams", "num_beam_groups", "temperature")
                .harmless("top_k", "top_p", "typical_p", "length_penalty", "diversity_penalty", "repetition_penalty")
                .harmless("exponential_decay_length_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size")
                .harmless("bad_words_ids", "suppress_tokens", "begin_suppress_tokens", "num_return_sequences")
                .harmless("remove_invalid_values", "cross_attention_hidden_size", "use_cache", "_flash_attn_2_enabled")
                .harmless("transformers.js_config")
                .off("pruned_heads", "is_decoder", "is_encoder_decoder", "add_cross_attention");
    }

    private static KnownKeys tower() {
        return inherited()
                .computed("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "hidden_act")
                .only("layer_norm_eps", LayerNorm.EPSILON)
                .only("attention_dropout", 0)
                .only("dropout", 0)
                .harmless("model_type", "projection_dim", "initializer_range", "initializer_factor");
    }

    @Override
    public ClipArchitecture complete(ClipArchitecture shapes) {
        model.requireSize("projection_dim", 512, shapes.embedding());
        text.requireSize("max_position_embeddings", 77, shapes.contextLength());
        text.requireSize("vocab_size", 49408, shapes.vocabulary());
        int imageSize = vision.requireImageSize(32, shapes);
        int endOfText = text.count("eos_token_id", END_OF_TEXT);
        return shapes.with(
                        imageSize,
                        tower(vision, shapes.vision(), TowerArchitecture.openAi(768, 12)),
                        tower(text, shapes.text(), TowerArchitecture.openAi(512, 12)))
                .withEndOfText(endOfText == HIGHEST_TOKEN ? OptionalInt.empty() : OptionalInt.of(endOfText));
    }

    private static TowerArchitecture tower(ConfigSection section, TowerArchitecture shapes, TowerArchitecture usual) {
        section.requireSize("hidden_size", usual.width(), shapes.width());
        section.requireSize("num_hidden_layers", usual.blocks(), shapes.blocks());
        section.requireSize("intermediate_size", usual.mlpWidth(), shapes.mlpWidth());
        String key = "num_attention_heads";
        int heads = section.requireDivisor(key, section.count(key, usual.heads()), shapes.width());
        return shapes.with(heads, activation(section));
    }

    private static Activation activation(ConfigSection section) {
        return switch (section.text("hidden_act", "quick_gelu")) {
            case "quick_gelu" -> Activation.QUICK_GELU;
            case "gelu" -> Activation.GELU;
            default -> throw section.problem("hidden_act", "only quick_gelu and gelu are supported");
        };
    }

    @Override
    public ImageTransform transform(int imageSize) {
        return processor()
                .map(pixels -> transform(pixels, imageSize))
                .orElseGet(() -> ImageTransform.openAi(imageSize));
    }

    private Optional<ConfigSection> processor() {
        for (String name : PROCESSORS) {
            Path file = model.file().resolveSibling(name);
            if (Files.isRegularFile(file)) {
                ConfigSection whole = ConfigSection.of(file);
                if (!name.equals(PROCESSORS.get(0))) {
                    whole.check(PIXELS);
                    return Optional.of(whole);
                }
                if (whole.has("image_processor")) {
                    return Optional.of(whole.section("image_processor", PIXELS));
                }
            }
        }
        return Optional.empty();
    }

    static ImageTransform transform(ConfigSection pixels, int imageSize) {
        pixels.requireValues(PIXELS);
        boolean squash = pixels.values().path("size").has("height");
        int resized = squash ? pixels.side("size", 224) : shorterSide(pixels);
        int side = pixels.truth("do_center_crop", true) ? pixels.side("crop_size", 224) : resized;
        if (!squash && !pixels.truth("do_center_crop", true)) {
            throw pixels.problem("do_center_crop", "only true is supported where size is not a height and a width");
        }
        if (side != imageSize || side > resized) {
            throw new BadFile(
                    pixels.file(),
                    "size " + resized + " and crop_size " + side + " make no images of " + imageSize
                            + " pixels, which the model reads");
        }
        if (Math.abs(255 * pixels.number("rescale_factor", 1 / 255.0) - 1) > 1e-6) {
            throw pixels.problem("rescale_factor", "only 1/255 is supported");
        }
        ImageTransform.Crop crop =
                switch (pixels.text("crop_rounding", "down")) {
                    case "down" -> ImageTransform.Crop.DOWN;
                    case "half_even" -> ImageTransform.Crop.HALF_EVEN;
                    default -> throw pixels.problem("crop_rounding", "down or half_even is expected");
                };
        ImageTransform.Resize resize = squash ? ImageTransform.Resize.SQUARE : ImageTransform.Resize.SHORTER_SIDE;
        boolean normalize = pixels.truth("do_normalize", true);
        return new ImageTransform(
                new ImageTransform.Geometry(resize, resized, crop, side),
                normalize ? pixels.colours("image_mean", ImageTransform.MEAN) : new float[] {0, 0, 0},
                normalize ? pixels.colours("image_std", ImageTransform.DEVIATION) : new float[] {1, 1, 1});
    }

    private static int shorterSide(ConfigSection pixels) {
        if (!pixels.values().path("size").isObject()) {
            return pixels.count("size", 224);
        }
        ConfigSection size = pixels.section("size", new KnownKeys().computed("shortest_edge"));
        return size.count("shortest_edge", 224);
    }
}
