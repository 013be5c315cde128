package org.keeplora.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.keeplora.clip.ClipModel;

/** The files of a configuration's pre-trained model. */
record ModelFiles(RunConfig.Model model) {
    private static final List<String> VOCABULARIES = List.of("tokenizer.json", "bpe_simple_vocab_16e6.txt.gz");

    /** The checkpoint, a file or a folder. */
    Path checkpoint() {
        return isBuiltIn() ? BuiltInClip.folder() : existing("model.checkpoint", model.checkpoint());
    }

    private boolean isBuiltIn() {
        return BuiltInClip.NAME.equals(model.checkpoint());
    }

    /** The configured file, or the one beside the checkpoint. */
    Path vocabulary() {
        Path folder = folder(checkpoint().toAbsolutePath().normalize());
        if (model.tokenizer() != null) {
            return existing("model.tokenizer", model.tokenizer());
        }
        return VOCABULARIES.stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new ConfigProblem("model.tokenizer is missing, and " + folder + " holds none of "
                        + String.join(", ", VOCABULARIES) + "; give CLIP's vocabulary"));
    }

    /** The folder of the checkpoint as given, if transformers can load it from there. */
    Optional<String> transformersFolder() {
        Path folder = folder(checkpoint());
        return !isBuiltIn() && ClipModel.isOfTransformers(folder) ? Optional.of(folder.toString()) : Optional.empty();
    }

    private static Path folder(Path checkpoint) {
        return Files.isDirectory(checkpoint)
                ? checkpoint
                : checkpoint.toAbsolutePath().getParent();
    }

    /** @throws ConfigProblem when {@code file}, the value of {@code key}, does not exist */
    static Path existing(String key, String file) {
        Path path = Path.of(file);
        ConfigProblem.unless(
                Files.exists(path), "%s: %s does not exist; correct the key or put the file there", key, file);
        return path;
    }
}
