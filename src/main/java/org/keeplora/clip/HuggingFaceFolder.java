package org.keeplora.clip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.store.NamedArray;
import org.keeplora.store.Safetensors;

/** Writes a model the way transformers' {@code CLIPModel.from_pretrained} reads it. */
final class HuggingFaceFolder {
    private HuggingFaceFolder() {}

    /** @param weights by OpenAI's names */
    static void write(Path folder, ClipArchitecture shape, Activation activation, Map<String, Tensor> weights) {
        List<NamedArray> arrays = new ArrayList<>();
        weights.forEach((name, tensor) -> arrays.addAll(stored(name, tensor)));
        try {
            Files.createDirectories(folder);
            Safetensors.write(folder.resolve("model.safetensors"), arrays, Map.of("format", "pt"));
            Files.writeString(folder.resolve("config.json"), HuggingFaceConfig.config(shape, activation));
            Files.writeString(
                    folder.resolve("preprocessor_config.json"), HuggingFaceConfig.preprocessor(shape.imageSize()));
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": model cannot be written: " + e, e);
        }
    }

    private static List<NamedArray> stored(String name, Tensor tensor) {
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
                arrays.add(NamedArray.of(stored.parts().get(i), Tensors.shape(part), Tensors.floats(part)));
            }
        }
        return arrays;
    }
}
