package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.engine.internal.InstalledLibraries;

final class CudaLibraryTest {
    private static final Path DOCUMENT = Path.of("../site/markdown/cuda.md");

    @TempDir
    private Path folder;

    private List<String> findings() {
        return CudaLibrary.findings(new InstalledLibraries(List.of(folder), ""));
    }

    private Path install(CudaLibrary library) throws IOException {
        return Files.createFile(folder.resolve(library.file()));
    }

    @Test
    void whatIsMissingIsNamedWithItsPackage() throws IOException {
        for (CudaLibrary library : CudaLibrary.values()) {
            if (library != CudaLibrary.NETWORKS && library != CudaLibrary.COLLECTIVES) {
                install(library);
            }
        }
        List<String> lines = findings();
        assertEquals(2, lines.size());
        assertEquals(
                "not found (what brings it): libcudnn.so.9 (libcudnn9-cuda-13), libnccl.so.2 (libnccl2)", lines.get(1));
    }

    @Test
    void whatIsFoundIsNamedWithItsPath() throws IOException {
        Path driver = install(CudaLibrary.DRIVER);
        Path profiler = install(CudaLibrary.PROFILER);
        assertEquals("found: " + driver + ", " + profiler, findings().get(0));
    }

    @Test
    void allOrNothingIsOneLine() throws IOException {
        assertEquals(1, findings().size());
        for (CudaLibrary library : CudaLibrary.values()) {
            install(library);
        }
        assertEquals(1, findings().size());
    }

    @Test
    void theDocumentHasTheSameList() throws IOException {
        List<String> expected =
                Stream.of(CudaLibrary.values()).map(CudaLibraryTest::row).toList();
        List<String> rows = Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("| `lib"))
                .toList();
        assertEquals(expected, rows);
    }

    private static String row(CudaLibrary library) {
        String bringer = library == CudaLibrary.DRIVER ? library.bringer() : "`" + library.bringer() + "`";
        return String.format(
                Locale.ROOT,
                "| `%s` | %s | %s |",
                library.file(),
                bringer,
                library.isForLinearAlgebra() ? "both" : "device");
    }
}
