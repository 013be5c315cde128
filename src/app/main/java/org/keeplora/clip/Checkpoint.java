package org.keeplora.clip;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.keeplora.store.ArraySource;
import org.keeplora.store.BadFile;

/**
 * A pre-trained CLIP on disk. The names of its tensors show whether it was written by transformers or by OpenAI or
 * open_clip, and so which configuration beside it applies. The file and its folder may be given alike.
 *
 * @param arrays its weights
 * @param given the activation that the caller states
 */
record Checkpoint(ArraySource arrays, TensorNames names, ClipConfig config, Optional<Activation> given) {
    private static final System.Logger LOG = System.getLogger(Checkpoint.class.getName());
    private static final List<String> OF_TRANSFORMERS = List.of(
            "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json");
    private static final List<String> OF_OPEN_CLIP = List.of(
            "open_clip_model.safetensors", "open_clip_pytorch_model.safetensors", "open_clip_pytorch_model.bin");

    /**
     * Opens a folder of Hugging Face or open_clip, a safetensors file, or a PyTorch archive (OpenAI's {@code .pt}).
     *
     * @param given the activation of a checkpoint without a configuration; QuickGELU when empty
     * @throws BadFile when there is no CLIP at {@code path}
     */
    static Checkpoint open(Path path, Optional<Activation> given) {
        Path file = Files.isDirectory(path) ? weightsIn(path) : path;
        ArraySource whole = ArraySource.open(file);
        TensorNames names = TensorNames.of(whole.names());
        Path adapter = file.toAbsolutePath().resolveSibling(PeftAdapter.CONFIG);
        if (names == TensorNames.HUGGING_FACE && Files.isRegularFile(adapter)) {
            throw new BadFile(
                    adapter,
                    "lies beside a model, so transformers would add that adapter to it; put one of them elsewhere");
        }
        return new Checkpoint(names.unwrap(whole), names, config(file, names, given), given);
    }

    private static Path weightsIn(Path folder) {
        boolean otherProgram = Files.isRegularFile(folder.resolve(OpenClipConfig.FILE))
                && !TransformersConfig.isOne(folder.resolve(TransformersConfig.FILE));
        Stream<String> known = otherProgram
                ? Stream.concat(OF_OPEN_CLIP.stream(), OF_TRANSFORMERS.stream())
                : Stream.concat(OF_TRANSFORMERS.stream(), OF_OPEN_CLIP.stream());
        return known.map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new BadFile(
                        folder,
                        "a folder without " + String.join(", ", OF_TRANSFORMERS) + ", "
                                + String.join(" or ", OF_OPEN_CLIP) + "; give a checkpoint file or the folder of one"));
    }

    private static ClipConfig config(Path file, TensorNames names, Optional<Activation> given) {
        Path transformers = file.toAbsolutePath().resolveSibling(TransformersConfig.FILE);
        Path openClip = transformers.resolveSibling(OpenClipConfig.FILE);
        Path own = names == TensorNames.HUGGING_FACE ? transformers : openClip;
        if (Files.isRegularFile(own)) {
            return names == TensorNames.HUGGING_FACE ? new TransformersConfig(own) : new OpenClipConfig(own);
        }
        Activation activation = given.orElse(Activation.QUICK_GELU);
        LOG.log(
                System.Logger.Level.INFO,
                "{0} has no configuration beside it: {1}, heads of 64 and OpenAI''s pixels are assumed{2}",
                file.getFileName(),
                activation,
                given.isPresent() ? "" : " (open_clip's own models need model.activation: gelu)");
        return new AssumedConfig(file, activation);
    }

    /**
     * The architecture.
     *
     * @throws BadFile as {@link ClipConfig#complete}, or when the configuration states another activation than the
     *     caller
     */
    ClipArchitecture architecture(ClipWeights weights) {
        ClipArchitecture architecture = config.complete(ClipArchitecture.ofShapes(weights));
        for (Tower tower : Tower.values()) {
            Activation its = architecture.tower(tower).activation();
            if (its != given.orElse(its)) {
                throw new BadFile(
                        arrays.file(),
                        "its configuration says " + its + " but model.activation is " + given.get()
                                + "; leave that key out");
            }
        }
        return architecture;
    }
}
