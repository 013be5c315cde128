package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The place of the demo's model; it is complete after any interruption. */
final class BuiltInClipTest {
    private static final List<String> FILES =
            List.of("config.json", "model.safetensors", "preprocessor_config.json", "tokenizer.json");

    @TempDir
    Path folder;

    private static void requireWhole(Path clip) throws IOException {
        try (Stream<Path> files = Files.list(clip)) {
            assertEquals(
                    FILES,
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        for (String name : FILES) {
            try (InputStream resource = BuiltInClip.class.getResourceAsStream("demo/" + name)) {
                assertArrayEquals(resource.readAllBytes(), Files.readAllBytes(clip.resolve(name)), name);
            }
        }
    }

    @Test
    void staysInTheCacheAndIsRepairedThere() throws IOException {
        Path cache = folder.resolve("not/there/yet");
        Path clip = BuiltInClip.folder(Optional.of(cache));
        assertEquals(cache, clip.getParent());
        requireWhole(clip);

        Files.delete(clip.resolve("tokenizer.json"));
        byte[] weights = Files.readAllBytes(clip.resolve("model.safetensors"));
        weights[weights.length / 2] ^= 1;
        Files.write(clip.resolve("model.safetensors"), weights);
        Files.writeString(clip.resolve("config.json"), "{");
        assertEquals(clip, BuiltInClip.folder(Optional.of(cache)));
        requireWhole(clip);
    }

    @Test
    void aCompleteModelIsNotWrittenAgain() throws IOException {
        Path weights = BuiltInClip.folder(Optional.of(folder)).resolve("model.safetensors");
        Object before = Files.readAttributes(weights, "unix:ino").get("ino");
        BuiltInClip.folder(Optional.of(folder));
        assertEquals(before, Files.readAttributes(weights, "unix:ino").get("ino"));
    }

    /** A file in place of a folder stops even root, whom permissions do not stop. */
    @Test
    void withoutAPlaceInTheCacheItIsTemporary() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        for (Optional<Path> cache : List.of(Optional.of(file.resolve("cache")), Optional.<Path>empty())) {
            Path clip = BuiltInClip.folder(cache);
            assertTrue(clip.startsWith(System.getProperty("java.io.tmpdir")), clip.toString());
            requireWhole(clip);
            Files.delete(clip.resolve("config.json"));
            assertEquals(clip, BuiltInClip.folder(cache));
            requireWhole(clip);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/caches, /home/me, /caches/keeplora",
        ", /home/me, /home/me/.cache/keeplora",
        "'', /home/me, /home/me/.cache/keeplora",
        "relative, /home/me, /home/me/.cache/keeplora",
        "/caches, ?, /caches/keeplora",
        ", ?, ",
        ", , ",
    })
    void theCacheIsTheUsers(String variable, String home, String expected) {
        Map<String, String> environment = variable == null ? Map.of() : Map.of("XDG_CACHE_HOME", variable);
        assertEquals(Optional.ofNullable(expected).map(Path::of), UserCache.folder(environment, home));
    }
}
