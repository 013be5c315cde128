"""Writes clip-variants.json: logits and pixels of small CLIPs as transformers and open_clip compute them.

Usage: clip_variants.py FILE    (needs torch, transformers, open_clip_torch, pillow)

Weights, pixels and the image follow formulas that ClipVariantsTest repeats, so that none has to be stored.
"""
import copy
import json
import sys
import tempfile
import zlib

import numpy as np
import open_clip
import torch
import transformers
from open_clip.transform import PreprocessCfg, image_transform_v2, merge_preprocess_dict
from PIL import Image

TOKENS = [[62, 5, 9, 63, 0, 0, 0, 0, 0, 0, 0, 0], [62, 7, 63, 0, 0, 0, 0, 0, 0, 0, 0, 0], [62, 1, 2, 3, 4, 63, 0, 0, 0, 0, 0, 0]]
SAMPLES = [(c, y, x) for c in range(3) for y in (0, 5, 10, 15) for x in (0, 5, 10, 15)]


def drawn(name, shape):
    """Numbers between -1 and 1 that follow from the name alone, over the root of a row's length; norms lie around 1."""
    if name == "logit_scale":
        return np.ones(shape, np.float32)
    waves = 43758.5453 * np.sin(12.9898 * np.arange(int(np.prod(shape))) + zlib.crc32(name.encode()) % 1000)
    values = 2 * (waves - np.floor(waves)) - 1
    values = values / np.sqrt(np.prod(shape[1:])) if len(shape) > 1 else values / 5
    if len(shape) == 1 and name.endswith("weight"):
        values = values + 1
    return values.astype(np.float32).reshape(shape)


def pixels(side):
    return torch.from_numpy(30 * drawn("pixels", (2, 3, side, side)))


def image():
    y, x = np.mgrid[0:62, 0:28]
    planes = [(5 * x + 2 * y + 40 * c) % 256 for c in range(3)]
    return Image.fromarray(np.stack(planes, axis=-1).astype(np.uint8))


def sampled(tensor):
    return [round(float(tensor[c, y, x]), 6) for c, y, x in SAMPLES]


# --- open_clip

OPEN_CLIP = {
    "model_cfg": {
        "embed_dim": 32,
        "vision_cfg": {"image_size": 16, "layers": 2, "width": 96, "patch_size": 8, "head_width": 48},
        "text_cfg": {"context_length": 12, "vocab_size": 64, "width": 64, "heads": 4, "layers": 2},
    },
    "preprocess_cfg": {"mean": [0.48145466, 0.4578275, 0.40821073], "std": [0.26862954, 0.26130258, 0.27577711]},
}


def open_clip_variant(name, changes):
    config = changed(OPEN_CLIP, changes)
    cfg = copy.deepcopy(config["model_cfg"])
    model = open_clip.model.CLIP(**cfg).eval()
    state = {key: torch.from_numpy(drawn(key, tuple(value.shape))) for key, value in model.state_dict().items()}
    model.load_state_dict(state, strict=True)
    with torch.no_grad():
        images = model.encode_image(pixels(model.visual.image_size[0]), normalize=True)
        texts = model.encode_text(torch.tensor(TOKENS), normalize=True)
        logits = model.logit_scale.exp() * images @ texts.T
    cfg = merge_preprocess_dict(PreprocessCfg(), config.get("preprocess_cfg", {}))
    cfg["size"] = model.visual.image_size[0]
    transform = image_transform_v2(PreprocessCfg(**cfg), is_train=False)
    return {"name": name, "program": "open_clip", "files": {"open_clip_config.json": config}, "logits": logits.tolist(),
            "pixels": sampled(transform(image()))}


# --- transformers

TRANSFORMERS = {
    "model_type": "clip",
    "projection_dim": 32,
    "text_config": {"hidden_size": 64, "intermediate_size": 256, "num_hidden_layers": 2, "num_attention_heads": 4,
                    "max_position_embeddings": 12, "vocab_size": 64, "bos_token_id": 62, "eos_token_id": 63},
    "vision_config": {"hidden_size": 96, "intermediate_size": 384, "num_hidden_layers": 2, "num_attention_heads": 2,
                      "image_size": 16, "patch_size": 8},
}
PROCESSOR = {
    "image_processor_type": "CLIPImageProcessor", "do_resize": True, "size": {"shortest_edge": 16}, "resample": 3,
    "do_center_crop": True, "crop_size": {"height": 16, "width": 16}, "do_rescale": True, "do_normalize": True,
    "rescale_factor": 0.00392156862745098, "image_mean": [0.48145466, 0.4578275, 0.40821073],
    "image_std": [0.26862954, 0.26130258, 0.27577711],
}
WHOLE = {
    "vision_model.embeddings.patch_embedding.weight": "visual.conv1.weight",
    "vision_model.embeddings.class_embedding": "visual.class_embedding",
    "vision_model.embeddings.position_embedding.weight": "visual.positional_embedding",
    "visual_projection.weight": "visual.proj",
    "text_model.embeddings.token_embedding.weight": "token_embedding.weight",
    "text_model.embeddings.position_embedding.weight": "positional_embedding",
    "text_projection.weight": "text_projection",
}
PARTS = {"pre_layrnorm": "ln_pre", "post_layernorm": "ln_post", "layer_norm1": "ln_1", "layer_norm2": "ln_2",
         "mlp.fc1": "mlp.c_fc", "mlp.fc2": "mlp.c_proj", "self_attn.out_proj": "attn.out_proj"}


def of_openai(key, shape):
    """The tensor that transformers calls key, as drawn for OpenAI's name."""
    if key == "logit_scale":
        return drawn(key, shape)
    if key in WHOLE:
        name = WHOLE[key]
        return drawn(name, shape[::-1]).T.copy() if name in ("visual.proj", "text_projection") else drawn(name, shape)
    name = key.replace("vision_model.encoder.layers", "visual.transformer.resblocks")
    name = name.replace("text_model.encoder.layers", "transformer.resblocks").replace("text_model.final_layer_norm", "ln_final")
    name = name.replace("vision_model.", "visual.")
    for projection in range(3):
        part = f"self_attn.{'qkv'[projection]}_proj."
        if part in name:
            rows = shape[0]
            whole = drawn(name.replace(part, "attn.in_proj_"), (3 * rows,) + tuple(shape[1:]))
            return whole[projection * rows:(projection + 1) * rows].copy()
    for theirs, openais in PARTS.items():
        name = name.replace(theirs, openais)
    return drawn(name, shape)


def transformers_variant(name, changes, files=None):
    config = changed(TRANSFORMERS, changes)
    files = {"preprocessor_config.json": PROCESSOR} if files is None else files
    with tempfile.TemporaryDirectory() as folder:
        for file, content in {"config.json": config, **files}.items():
            with open(f"{folder}/{file}", "w", encoding="utf-8") as out:
                json.dump(content, out)
        model = transformers.CLIPModel(transformers.CLIPConfig.from_pretrained(folder)).eval()
        processor = transformers.CLIPImageProcessor.from_pretrained(folder)
    state = {key: torch.from_numpy(of_openai(key, tuple(value.shape)))
             for key, value in model.state_dict().items() if not key.endswith("position_ids")}
    missing = model.load_state_dict(state, strict=False)
    assert not missing.unexpected_keys and all(key.endswith("position_ids") for key in missing.missing_keys), missing
    with torch.no_grad():
        logits = model(input_ids=torch.tensor(TOKENS), pixel_values=pixels(model.config.vision_config.image_size)).logits_per_image
    processed = np.asarray(processor(image(), return_tensors="np")["pixel_values"][0])
    return {"name": name, "program": "transformers", "files": {"config.json": config, **files}, "logits": logits.tolist(),
            "pixels": sampled(processed)}


def changed(base, changes):
    """A copy of base in which each dotted path has the value given; a value of None removes it."""
    result = copy.deepcopy(base)
    for path, value in changes.items():
        *parents, last = path.split(".")
        node = result
        for parent in parents:
            node = node.setdefault(parent, {})
        if value is None:
            del node[last]
        else:
            node[last] = value
    return result


def processor(**changes):
    return {"preprocessor_config.json": {k: v for k, v in {**PROCESSOR, **changes}.items() if v is not None}}


def variants():
    yield open_clip_variant("plain", {})
    yield open_clip_variant("quick_gelu", {"model_cfg.quick_gelu": True})
    yield open_clip_variant("head_width 32", {"model_cfg.vision_cfg.head_width": 32})
    yield open_clip_variant("head_width 80", {"model_cfg.vision_cfg.head_width": 80, "model_cfg.vision_cfg.width": 160})
    yield open_clip_variant("default heads", {
        "model_cfg.vision_cfg.width": 128, "model_cfg.vision_cfg.head_width": None, "model_cfg.text_cfg.heads": None})
    yield open_clip_variant("mlp_ratio", {"model_cfg.vision_cfg.mlp_ratio": 2.6, "model_cfg.text_cfg.mlp_ratio": 3})
    yield open_clip_variant("layers and sizes", {
        "model_cfg.vision_cfg.layers": 3, "model_cfg.vision_cfg.patch_size": 4, "model_cfg.text_cfg.layers": 1,
        "model_cfg.embed_dim": 24, "model_cfg.text_cfg.context_length": 12})
    yield open_clip_variant("image with a rest", {"model_cfg.vision_cfg.image_size": 19})
    yield open_clip_variant("final_ln_after_pool", {
        "model_cfg.vision_cfg.final_ln_after_pool": True, "model_cfg.text_cfg.final_ln_after_pool": True})
    yield open_clip_variant("mean and squash", {
        "preprocess_cfg.mean": [0.5, 0.5, 0.5], "preprocess_cfg.std": [0.5, 0.4, 0.3], "preprocess_cfg.resize_mode": "squash"})
    yield open_clip_variant("no preprocess_cfg", {"preprocess_cfg": None})
    yield transformers_variant("plain", {})
    yield transformers_variant("gelu", {"text_config.hidden_act": "gelu", "vision_config.hidden_act": "gelu"})
    yield transformers_variant("gelu of the text alone", {"text_config.hidden_act": "gelu"})
    yield transformers_variant("gelu of the images alone", {"vision_config.hidden_act": "gelu"})
    yield transformers_variant("heads 32 wide", {"vision_config.num_attention_heads": 3, "text_config.num_attention_heads": 2})
    yield transformers_variant("default heads", {
        "vision_config.num_attention_heads": None, "text_config.num_attention_heads": None})
    yield transformers_variant("text_config_dict", {
        "text_config_dict": {**TRANSFORMERS["text_config"], "hidden_act": "gelu"},
        "vision_config_dict": {**TRANSFORMERS["vision_config"], "num_attention_heads": 4}})
    yield transformers_variant("config_dict alone", {
        "text_config": None, "vision_config": None,
        "text_config_dict": {**TRANSFORMERS["text_config"], "hidden_act": "gelu"},
        "vision_config_dict": {**TRANSFORMERS["vision_config"], "hidden_act": "gelu"}})
    yield transformers_variant("config_dict without heads", {
        "vision_config_dict": {k: v for k, v in TRANSFORMERS["vision_config"].items() if k != "num_attention_heads"}})
    yield transformers_variant("sizes", {
        "text_config.intermediate_size": 100, "vision_config.intermediate_size": 200, "vision_config.num_hidden_layers": 3,
        "text_config.num_hidden_layers": 1, "vision_config.patch_size": 4, "projection_dim": 24})
    yield transformers_variant("eos_token_id 2", {"text_config.eos_token_id": 2})
    yield transformers_variant("no processor", {}, processor())
    yield transformers_variant("mean", {}, processor(image_mean=[0.5, 0.5, 0.5], image_std=[0.5, 0.4, 0.3]))
    yield transformers_variant("no do_normalize", {}, processor(do_normalize=False))
    yield transformers_variant("squash", {}, processor(size={"height": 16, "width": 16}, do_center_crop=False))
    yield transformers_variant("squash and crop", {}, processor(size={"height": 20, "width": 20}))
    yield transformers_variant("larger and crop", {}, processor(size={"shortest_edge": 20}, crop_size=16))
    yield transformers_variant("sizes as numbers", {}, processor(size=16, crop_size=16))
    yield transformers_variant("processor_config.json", {}, {
        "preprocessor_config.json": PROCESSOR,
        "processor_config.json": {"processor_class": "CLIPProcessor",
                                  "image_processor": {**PROCESSOR, "image_mean": [0.1, 0.2, 0.3]}}})
    yield transformers_variant("processor_config.json of before 5", {}, {
        "preprocessor_config.json": {**PROCESSOR, "image_mean": [0.1, 0.2, 0.3]},
        "processor_config.json": {"processor_class": "CLIPProcessor"}})


if __name__ == "__main__":
    made_with = f"transformers {transformers.__version__}, open_clip {open_clip.__version__}, torch {torch.__version__}"
    lines = ",\n".join(json.dumps(variant) for variant in variants())
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        out.write(f'{{"made_with": "{made_with}", "variants": [\n{lines}\n]}}\n')
