package org.keeplora.engine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Matrix;
import org.keeplora.testing.ChildJvm;

/** One OpenBLAS in JavaCPP's cache and in the process. */
@EnabledOnOs(OS.LINUX)
final class SingleOpenBlasTest {
    @TempDir
    Path folder;

    /** Computes, and prints the paths of each OpenBLAS that is loaded. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            try (BatchLinalg linalg = BatchLinalg.open(BackendChoice.CPU, 2);
                    Matrix ones = Matrix.copyOf(new float[][] {{1, 1}})) {
                linalg.norms(List.of(ones));
                BlasThreads.set(1);
            }
            LoadedLibraries.of(List.of("libopenblas")).forEach(System.out::println);
        }
    }

    @Test
    void anEmptyCacheGetsOneOpenBlasAndTheProcessLoadsOne() throws Exception {
        assertEquals(1, loaded());
    }

    @Test
    void aCacheWithTwoLosesOne() throws Exception {
        loaded();
        Path library = find("libopenblas.so.0");
        Path second = library.resolveSibling("libopenblas_nolapack.so.0");
        Files.delete(second);
        Files.copy(library, second);
        Files.setLastModifiedTime(second, Files.getLastModifiedTime(library));
        assertEquals(1, loaded());
        assertTrue(Files.isSymbolicLink(second), second.toString());
    }

    @Test
    void linkingTwiceIsLinkingOnce() throws IOException {
        Path library = Files.writeString(folder.resolve("libopenblas.so.0"), "new");
        Path second = Files.writeString(folder.resolve("libopenblas_nolapack.so.0"), "old");
        SingleOpenBlas.link(library);
        SingleOpenBlas.link(library);
        assertEquals("new", Files.readString(second));
        try (var files = Files.list(folder)) {
            assertEquals(2, files.count());
        }
    }

    private Path find(String name) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
        }
    }

    /** Number of OpenBLAS libraries in a process whose cache is {@link #folder}. */
    private int loaded() throws IOException, InterruptedException {
        List<String> printed = ChildJvm.run(List.of("-Dorg.bytedeco.javacpp.cachedir=" + folder), Program.class)
                .lines()
                .toList();
        assertTrue(printed.stream().allMatch(line -> line.startsWith(folder.toString())), printed.toString());
        return printed.size();
    }
}
