package org.keeplora.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The small CLIP that comes with the program, made by {@code keeplora pretrain}. */
final class BuiltInClip {
    /** As {@code model.checkpoint} in a configuration; no file is called so. */
    static final String NAME = "builtin:demo";

    private static final List<String> FILES =
            List.of("model.safetensors", "config.json", "preprocessor_config.json", "tokenizer.json");

    private static Path unpacked;

    private BuiltInClip() {}

    /** A folder of Hugging Face that holds it, unpacked once and deleted when the program ends. */
    static synchronized Path folder() {
        if (unpacked == null) {
            try {
                unpacked = unpack();
            } catch (IOException e) {
                throw new UncheckedIOException("the built-in model cannot be unpacked: " + e, e);
            }
        }
        return unpacked;
    }

    private static Path unpack() throws IOException {
        Path folder = Files.createTempDirectory("keeplora-demo-clip");
        folder.toFile().deleteOnExit();
        for (String file : FILES) {
            Path target = folder.resolve(file);
            try (InputStream resource = BuiltInClip.class.getResourceAsStream("demo/" + file)) {
                Files.copy(resource, target);
            }
            target.toFile().deleteOnExit();
        }
        return folder;
    }
}
