package org.keeplora.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The small CLIP that is part of the program, made by {@code keeplora pretrain}. */
final class BuiltInClip {
    /** Its name as {@code model.checkpoint} in a configuration; not the name of a file. */
    static final String NAME = "builtin:demo";

    private static final String WEIGHTS = "model.safetensors";
    private static final String[] FILES = {WEIGHTS, "config.json", "preprocessor_config.json", "tokenizer.json"};
    private static final int DIGITS = 12;

    /** The folder of this process, used if the user's cache cannot be written. */
    private static Path temporary;

    private BuiltInClip() {}

    /**
     * A complete Hugging Face folder of the model. It lies in the user's cache, which no clean-up of temporary files
     * touches, or else in a temporary folder that is deleted when the program ends.
     */
    static Path folder() {
        return folder(UserCache.folder());
    }

    /** @param cache to keep it in; a temporary folder is used if it is empty or cannot be written */
    static synchronized Path folder(Optional<Path> cache) {
        Map<String, byte[]> files = files();
        if (cache.isPresent()) {
            try {
                return unpacked(files, cache.get().resolve("demo-clip-" + version(files.get(WEIGHTS))));
            } catch (IOException e) {
                // read-only or full: use a temporary folder
            }
        }
        try {
            if (temporary == null || !Files.isDirectory(temporary)) {
                temporary = Files.createTempDirectory("keeplora-demo-clip");
                temporary.toFile().deleteOnExit();
            }
            unpacked(files, temporary);
            Arrays.stream(FILES)
                    .forEach(name -> temporary.resolve(name).toFile().deleteOnExit());
            return temporary;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the built-in model cannot be unpacked (" + e.getMessage() + "); set " + UserCache.VARIABLE
                            + " to a folder that can be written",
                    e);
        }
    }

    private static Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : FILES) {
            try (InputStream resource = BuiltInClip.class.getResourceAsStream("demo/" + name)) {
                files.put(name, resource.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException("the built-in model cannot be read: " + e.getMessage(), e);
            }
        }
        return files;
    }

    /**
     * A folder name that depends on the weights, so that another version of the program does not replace the weights of
     * a running one.
     */
    private static String version(byte[] weights) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(weights);
            return HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Writes the absent or damaged files into {@code folder}; safe if another process does the same at the same time.
     */
    private static Path unpacked(Map<String, byte[]> files, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path target = folder.resolve(file.getKey());
            if (!Files.isRegularFile(target) || !Arrays.equals(Files.readAllBytes(target), file.getValue())) {
                Path part = Files.createTempFile(folder, file.getKey(), ".part");
                try {
                    Files.write(part, file.getValue());
                    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                } finally {
                    Files.deleteIfExists(part);
                }
            }
        }
        return folder;
    }
}
