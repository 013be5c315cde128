package org.keeplora.clip;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.keeplora.store.ArraySource;
import org.keeplora.store.BadFile;
import org.keeplora.store.Safetensors;
import org.keeplora.store.ShardedSafetensors;
import org.keeplora.store.TorchArchive;

/**
 * A pre-trained CLIP on disk, in whatever layout: found out by looking at the content.
 *
 * @param arrays its weights
 * @param activation what its blocks compute, which no shape tells
 */
record Checkpoint(ArraySource arrays, Activation activation) {
    private static final byte[] ZIP = {'P', 'K'};
    private static final String HUGGING_FACE_CONFIG = "config.json";
    private static final String OPEN_CLIP_CONFIG = "open_clip_config.json";

    /**
     * Opens a folder of Hugging Face or open_clip, a safetensors file, or a PyTorch archive (OpenAI's {@code .pt}).
     *
     * @throws BadFile when there is nothing of the kind at {@code path}
     */
    static Checkpoint open(Path path) {
        if (!Files.isDirectory(path)) {
            return new Checkpoint(arrays(path), activation(path.toAbsolutePath().getParent()));
        }
        for (String name : new String[] {
            "model.safetensors",
            "model.safetensors.index.json",
            "open_clip_model.safetensors",
            "pytorch_model.bin",
            "open_clip_pytorch_model.bin"
        }) {
            if (Files.isRegularFile(path.resolve(name))) {
                return new Checkpoint(arrays(path.resolve(name)), activation(path));
            }
        }
        throw new BadFile(
                path,
                "a folder without model.safetensors, model.safetensors.index.json or open_clip_model.safetensors;"
                        + " give a checkpoint file or the folder of one");
    }

    private static ArraySource arrays(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new BadFile(file, "no such file; give a checkpoint file or the folder of one");
        }
        if (file.toString().endsWith(".index.json")) {
            return ShardedSafetensors.open(file);
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(ZIP.length), ZIP) ? TorchArchive.open(file) : Safetensors.open(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** As the configuration beside the weights has it; OpenAI's where there is none. */
    private static Activation activation(Path folder) {
        if (Files.isRegularFile(folder.resolve(HUGGING_FACE_CONFIG))) {
            return HuggingFaceConfig.activation(folder.resolve(HUGGING_FACE_CONFIG));
        }
        return Files.isRegularFile(folder.resolve(OPEN_CLIP_CONFIG))
                ? HuggingFaceConfig.openClipActivation(folder.resolve(OPEN_CLIP_CONFIG))
                : Activation.QUICK_GELU;
    }
}
