package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A machine on which the dynamic linker finds other libraries with libtorch's names. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "LD_LIBRARY_PATH and LD_PRELOAD are Linux's")
@Tag("slow")
final class OtherLibtorchTest {
    private static final List<String> NAMES = List.of("libc10.so", "libtorch.so", "libtorch_cpu.so");

    @TempDir
    Path folder;

    private Path others;

    @BeforeEach
    void otherLibrariesWithTheSameNames() throws IOException {
        Path small =
                Path.of(System.getProperty("java.home"), "lib", "libjsig.so"); // depends on no other library of the JVM
        others = Files.createDirectory(folder.resolve("others"));
        for (String name : NAMES) {
            Files.copy(small, others.resolve(name));
        }
    }

    private record Outcome(int exit, String printed) {}

    /** Runs {@code doctor} before its libraries are unpacked. */
    private Outcome doctor(Map<String, String> environment) throws Exception {
        List<String> command = new ArrayList<>(Program.command(List.of("doctor")));
        command.add(1, "-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("unpacked"));
        Program program = new Program(folder.resolve("log"));
        Process process = program.start(folder, environment, command);
        assertTrue(process.waitFor(2, TimeUnit.MINUTES), program.printed());
        return new Outcome(process.exitValue(), program.printed());
    }

    @Test
    void ourLibraryIsLoadedEvenIfTheLinkerFindsAnother() throws Exception {
        Outcome outcome = doctor(Map.of("LD_LIBRARY_PATH", others.toString()));
        assertEquals(0, outcome.exit(), outcome.printed());
        assertFalse(outcome.printed().contains(others + "/"), outcome.printed());
        List<String> loaded = outcome.printed()
                .lines()
                .filter(line -> line.startsWith("libtorch ") && line.endsWith(".so"))
                .toList();
        assertEquals(3, loaded.size(), outcome.printed());
        assertTrue(
                loaded.stream().allMatch(line -> line.contains(folder.resolve("unpacked") + "/pytorch-")),
                outcome.printed());
    }

    @Test
    void anotherOneInTheProcessIsRefusedByName() throws Exception {
        Path other = others.resolve("libtorch_cpu.so");
        Outcome outcome = doctor(Map.of("LD_PRELOAD", other.toString()));
        assertEquals(2, outcome.exit(), outcome.printed());
        assertTrue(
                outcome.printed()
                        .endsWith(
                                "keeplora: another libtorch is in this process already: " + other
                                        + "; start without it (LD_PRELOAD, or a library that brings its own), as a process holds only one\n"),
                outcome.printed());
    }
}
