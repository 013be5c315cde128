package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.store.NameEncoding;

/**
 * The program in an environment in which it cannot work: it prints one line before it computes, and leaves no files.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "locales and mounts are Linux's")
@Tag("slow")
final class SurroundingsTest {
    private static final String ASCII =
            "' cannot be the name of a file here, because this Java encodes names as ANSI_X3.4-1968; set LC_ALL=C.UTF-8, or another locale in UTF-8\n";
    private static final String NATIVE = "; name a folder with 500 MB free from which programs may run\n";

    @TempDir
    Path folder;

    private Path config(String task) throws IOException {
        return Files.writeString(folder.resolve("run.yaml"), """
                model: builtin:demo
                data: {tasks: [%s]}
                method: {rank: 4, alpha: 4}
                train: {epochs: 1, batch_size: 4}
                runtime: {threads: 1}
                output: out
                """.replace("%s", task));
    }

    /** Runs {@code task} and expects the last line that it prints. */
    private void assertRefused(String line, String task, Map<String, String> environment, String... jvm)
            throws Exception {
        Path config = config(task);
        List<String> command = new ArrayList<>(
                Program.command(List.of("run", "--config", config.getFileName().toString())));
        command.addAll(1, List.of(jvm));
        Program program = new Program(folder.resolve("log"));
        Process process = program.start(folder, environment, command);
        assertTrue(process.waitFor(2, TimeUnit.MINUTES), program.printed());
        assertTrue(program.printed().endsWith("keeplora: " + line), program.printed());
        assertEquals(2, process.exitValue(), program.printed());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(
                    Optional.empty(), left.filter(path -> path.endsWith("out")).findFirst());
        }
    }

    @Test
    void aTaskWhoseNameCannotBeThatOfAFolderIsRefusedBeforeTraining() throws Exception {
        Files.createDirectory(folder.resolve("own"));
        assertRefused("'Bl?ten" + ASCII, "{name: Blüten, folder: own}", Map.of("LC_ALL", "C"));
    }

    @Test
    void aClassWhoseNameCannotBeReadIsRefused() throws Exception {
        assumeTrue(NameEncoding.problem("ü").isEmpty(), "this JVM cannot make such a folder itself");
        for (String split : List.of("train", "test")) {
            Files.createDirectories(folder.resolve("own").resolve(split).resolve("Klee ü"));
        }
        assertRefused("'Klee ??" + ASCII, "{name: Own, folder: own}", Map.of("LC_ALL", "C"));
    }

    @Test
    void anImageWhoseNameCannotBeReadIsRefused() throws Exception {
        assumeTrue(NameEncoding.problem("ü").isEmpty(), "this JVM cannot make such a file itself");
        for (String split : List.of("train", "test")) {
            Path inner =
                    Files.createDirectories(folder.resolve("own").resolve(split).resolve("Klee/inner"));
            Files.write(inner.resolve("ü.png"), new byte[] {1});
        }
        assertRefused("'??.png" + ASCII, "{name: Own, folder: own}", Map.of("LC_ALL", "C"));
    }

    @Test
    void aTableWhoseImagesCannotBeNamedIsRefused() throws Exception {
        Files.writeString(folder.resolve("own.csv"), "split,path,class\ntrain,ü.png,a\ntest,ü.png,a\n");
        assertRefused("'?.png" + ASCII, "{name: Own, csv: own.csv}", Map.of("LC_ALL", "C"));
    }

    @Test
    void foldersForNativeLibrariesThatWillNotDoAreNamed() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertRefused(
                "org.bytedeco.javacpp.cachedir is " + file + "/x, which cannot be made" + NATIVE,
                "{drawn: digits}",
                Map.of(),
                "-Dorg.bytedeco.javacpp.cachedir=" + file + "/x");
        assertRefused(
                "DJL_CACHE_DIR is " + file
                        + "/x, which cannot be made; name a folder with 50 MB free from which programs may run\n",
                "{drawn: digits}",
                Map.of("DJL_CACHE_DIR", file + "/x"));
        assertRefused(
                "native libraries cannot be unpacked: /proc/none/.javacpp/cache cannot be made, and " + file
                        + "/keeplora-" + Files.getAttribute(folder, "unix:uid")
                        + " cannot be made; set JAVA_OPTS=-Dorg.bytedeco.javacpp.cachedir=FOLDER, a folder with 500 MB free from which programs may run\n",
                "{drawn: digits}",
                Map.of(),
                "-Duser.home=/proc/none",
                "-Djava.io.tmpdir=" + file);
    }
}
