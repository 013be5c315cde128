package org.keeplora.clip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.store.ElementFormat;
import org.keeplora.store.NamedArray;
import org.keeplora.store.Safetensors;

/** Writes a model the way transformers' {@code CLIPModel.from_pretrained} reads it. */
final class HuggingFaceFolder {
    private HuggingFaceFolder() {}

    /**
     * @param config what stands in {@code config.json}
     * @param preprocessor what stands in {@code preprocessor_config.json}
     * @param weights by OpenAI's names, rounded to {@code precision}
     */
    static void write(
            Path folder, String config, String preprocessor, Precision precision, Map<String, Tensor> weights) {
        List<NamedArray> arrays = new ArrayList<>();
        weights.forEach((name, tensor) -> arrays.addAll(stored(name, tensor, precision)));
        try {
            Files.createDirectories(folder);
            Safetensors.write(folder.resolve("model.safetensors"), arrays, Map.of("format", "pt"));
            Files.writeString(folder.resolve("config.json"), config);
            Files.writeString(folder.resolve("preprocessor_config.json"), preprocessor);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": model cannot be written: " + e, e);
        }
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
