package org.keeplora.clip;

import java.nio.file.Path;
import org.keeplora.clip.ClipArchitecture.TowerArchitecture;
import org.keeplora.store.KnownKeys;

/** {@code open_clip_config.json}, read with the defaults of open_clip. Checked against open_clip 3.3. */
final class OpenClipConfig implements ClipConfig {
    static final String FILE = "open_clip_config.json";

    /** Keys of the whole file. */
    static final KnownKeys FILE_KEYS = new KnownKeys().computed("model_cfg", "preprocess_cfg");
    /** Keys of {@code model_cfg}. */
    static final KnownKeys MODEL = new KnownKeys()
            .computed("embed_dim", "quick_gelu", "vision_cfg", "text_cfg")
            .harmless("init_logit_scale", "nonscalar_logit_scale", "cast_dtype", "output_dict")
            .off("custom_text", "init_logit_bias", "multimodal_cfg");
    /** Keys of {@code model_cfg.vision_cfg}. */
    static final KnownKeys VISION = tower().computed("head_width", "image_size", "patch_size")
            .only("patch_dropout", 0)
            .only("pool_type", "tok")
            .harmless("pos_embed_type", "attn_pooler_queries", "attn_pooler_heads")
            .off("attentional_pool", "no_ln_pre", "timm_model_name")
            .harmless(
                    "timm_model_pretrained", "timm_pool", "timm_proj", "timm_proj_bias", "timm_drop", "timm_drop_path");
    /** Keys of {@code model_cfg.text_cfg}. */
    static final KnownKeys TEXT = tower().computed("context_length", "vocab_size", "heads")
            .only("pool_type", "argmax")
            .only("proj_type", "linear")
            .harmless("pad_id", "eos_id", "hf_model_pretrained", "hf_proj_type", "hf_pooler_type")
            .off("embed_cls", "no_causal_mask", "proj_bias", "hf_model_name", "hf_tokenizer_name")
            .off("tokenizer_mode", "tokenizer_kwargs");
    /** Keys of {@code preprocess_cfg}; open_clip takes the size from the model. */
    static final KnownKeys PIXELS = new KnownKeys()
            .computed("mean", "std", "resize_mode")
            .only("mode", "RGB")
            .only("interpolation", "bicubic", "random")
            .harmless("size", "fill_color");

    private static final int HEAD_WIDTH = 64;

    private final ConfigSection model;
    private final ConfigSection vision;
    private final ConfigSection text;
    private final ConfigSection pixels;

    OpenClipConfig(Path file) {
        ConfigSection whole = ConfigSection.of(file);
        whole.check(FILE_KEYS);
        model = whole.section("model_cfg", MODEL);
        vision = model.section("vision_cfg", VISION);
        text = model.section("text_cfg", TEXT);
        pixels = whole.section("preprocess_cfg", PIXELS);
    }

    private static KnownKeys tower() {
        return new KnownKeys()
                .computed("width", "layers", "mlp_ratio")
                .harmless("final_ln_after_pool", "output_tokens") // no difference for a single token
                .only("block_type", "default")
                .off("ls_init_value", "act_kwargs", "norm_kwargs")
                .off("qk_norm", "scaled_cosine_attn", "scale_heads", "scale_attn_inner", "scale_attn", "scale_fc");
    }

    @Override
    public ClipArchitecture complete(ClipArchitecture shapes) {
        model.requireSize("embed_dim", shapes.embedding(), shapes.embedding());
        text.requireSize("context_length", 77, shapes.contextLength());
        text.requireSize("vocab_size", 49408, shapes.vocabulary());
        int imageSize = vision.requireImageSize(16, shapes);
        Activation activation = model.truth("quick_gelu", false) ? Activation.QUICK_GELU : Activation.GELU;
        int width = shapes.vision().width();
        int visionHeads = vision.requireDivisor("head_width", width / vision.count("head_width", HEAD_WIDTH), width);
        int textHeads = text.requireDivisor(
                "heads", text.count("heads", 8), shapes.text().width());
        return shapes.with(
                imageSize,
                tower(vision, shapes.vision(), 768).with(visionHeads, activation),
                tower(text, shapes.text(), 512).with(textHeads, activation));
    }

    private static TowerArchitecture tower(ConfigSection section, TowerArchitecture shapes, int usualWidth) {
        section.requireSize("width", usualWidth, shapes.width());
        section.requireSize("layers", 12, shapes.blocks());
        double ratio = section.number("mlp_ratio", 4);
        if ((int) (ratio * shapes.width()) != shapes.mlpWidth()) {
            throw section.problem("mlp_ratio", "the tensors have an MLP of width " + shapes.mlpWidth());
        }
        return shapes;
    }

    @Override
    public ImageTransform transform(int imageSize) {
        ImageTransform.Resize resize =
                switch (pixels.text("resize_mode", "shortest")) {
                    case "shortest" -> ImageTransform.Resize.SHORTER_SIDE;
                    case "squash" -> ImageTransform.Resize.SQUARE;
                    default -> throw pixels.problem("resize_mode", "only shortest and squash are supported");
                };
        return new ImageTransform(
                new ImageTransform.Geometry(resize, imageSize, ImageTransform.Crop.HALF_EVEN, imageSize),
                pixels.colours("mean", ImageTransform.MEAN),
                pixels.colours("std", ImageTransform.DEVIATION));
    }
}
