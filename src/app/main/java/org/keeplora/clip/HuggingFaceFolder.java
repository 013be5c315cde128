package org.keeplora.clip;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipArchitecture.TowerArchitecture;
import org.keeplora.store.ElementFormat;
import org.keeplora.store.NamedArray;
import org.keeplora.store.Safetensors;
import org.keeplora.torch.Precision;
import org.keeplora.torch.Tensors;

/** Writes a model as a folder that transformers' {@code CLIPModel.from_pretrained} reads. */
final class HuggingFaceFolder {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BICUBIC = 3;

    private HuggingFaceFolder() {}

    /** @param weights by OpenAI's names; rounded to {@code precision} */
    static void write(
            Path folder,
            ClipArchitecture architecture,
            ImageTransform transform,
            Precision precision,
            Map<String, Tensor> weights) {
        List<NamedArray> arrays = new ArrayList<>();
        weights.forEach((name, tensor) -> arrays.addAll(stored(name, tensor, precision)));
        try {
            Files.createDirectories(folder);
            Safetensors.write(folder.resolve("model.safetensors"), arrays, Map.of("format", "pt"));
            Files.writeString(folder.resolve(TransformersConfig.FILE), config(architecture, precision));
            Files.writeString(folder.resolve("preprocessor_config.json"), preprocessor(transform));
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": model cannot be written: " + e, e);
        }
    }

    /**
     * The content of {@code config.json}. Start and end of text are the vocabulary's last two tokens unless the model
     * was read with others.
     */
    private static String config(ClipArchitecture architecture, Precision precision) {
        ObjectNode root = JSON.createObjectNode();
        root.putArray("architectures").add("CLIPModel");
        root.put("model_type", "clip");
        root.put("projection_dim", architecture.embedding());
        root.put("logit_scale_init_value", 2.6592);
        root.put("torch_dtype", precision.name().toLowerCase(Locale.ROOT));
        ObjectNode text = tower(root.putObject("text_config"), architecture, architecture.text());
        text.put("model_type", "clip_text_model");
        text.put("max_position_embeddings", architecture.contextLength());
        text.put("vocab_size", architecture.vocabulary());
        text.put("bos_token_id", architecture.vocabulary() - 2);
        text.put("eos_token_id", architecture.endOfText().orElse(architecture.vocabulary() - 1));
        ObjectNode vision = tower(root.putObject("vision_config"), architecture, architecture.vision());
        vision.put("model_type", "clip_vision_model");
        vision.put("image_size", architecture.imageSize());
        vision.put("patch_size", architecture.patchSize());
        return root.toPrettyString() + "\n";
    }

    private static ObjectNode tower(ObjectNode node, ClipArchitecture architecture, TowerArchitecture tower) {
        node.put("hidden_size", tower.width());
        node.put("intermediate_size", tower.mlpWidth());
        node.put("num_hidden_layers", tower.blocks());
        node.put("num_attention_heads", tower.heads());
        node.put("hidden_act", tower.activation() == Activation.GELU ? "gelu" : "quick_gelu");
        node.put("projection_dim", architecture.embedding());
        return node.put("layer_norm_eps", LayerNorm.EPSILON);
    }

    private static String preprocessor(ImageTransform transform) {
        ObjectNode root = JSON.createObjectNode();
        root.put("image_processor_type", "CLIPImageProcessor");
        ImageTransform.Geometry geometry = transform.geometry();
        int side = geometry.size();
        int resized = geometry.resized();
        root.putObject("crop_size").put("height", side).put("width", side);
        switch (geometry.resize()) {
            case SHORTER_SIDE -> root.putObject("size").put("shortest_edge", resized);
            case SQUARE -> root.putObject("size").put("height", resized).put("width", resized);
        }
        root.put("resample", BICUBIC);
        root.put(
                "crop_rounding",
                geometry.crop().name().toLowerCase(Locale.ROOT)); // our own key: transformers always rounds down
        for (String step : new String[] {"center_crop", "normalize", "resize", "rescale", "convert_rgb"}) {
            root.put("do_" + step, true);
        }
        root.put("rescale_factor", 1 / 255.0);
        for (float mean : transform.mean()) {
            root.withArray("image_mean").add(mean);
        }
        for (float deviation : transform.deviation()) {
            root.withArray("image_std").add(deviation);
        }
        return root.toPrettyString() + "\n";
    }

    private static List<NamedArray> stored(String name, Tensor tensor, Precision precision) {
        TensorNames.Stored stored = TensorNames.HUGGING_FACE.stored(name);
        List<NamedArray> arrays = new ArrayList<>();
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            int parts = stored.parts().size();
            for (int i = 0; i < parts; i++) {
                Tensor part = tensor;
                if (parts > 1) {
                    long rows = tensor.size(0) / parts;
                    part = tensor.narrow(0, i * rows, rows);
                } else if (stored.transposed()) {
                    part = tensor.t();
                }
                arrays.add(array(stored.parts().get(i), part, precision));
            }
        }
        return arrays;
    }

    private static NamedArray array(String name, Tensor tensor, Precision precision) {
        long[] shape = Tensors.shape(tensor);
        return switch (precision) {
            case FLOAT32 -> NamedArray.of(name, shape, Tensors.floats(tensor));
            case FLOAT16 -> new NamedArray(name, ElementFormat.F16, shape, bytes(tensor, precision));
            case BFLOAT16 -> new NamedArray(name, ElementFormat.BF16, shape, bytes(tensor, precision));
        };
    }

    private static ByteBuffer bytes(Tensor tensor, Precision precision) {
        Tensor narrow = tensor.detach().cpu().to(precision.type()).contiguous();
        byte[] bytes = new byte[Math.toIntExact(narrow.numel() * narrow.element_size())];
        new BytePointer(narrow.data_ptr()).get(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
