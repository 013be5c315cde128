package org.keeplora.engine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class InstalledLibrariesTest {
    @TempDir
    private Path folder;

    private Path made(String name) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        return Files.createFile(folder.resolve(name));
    }

    @Test
    void foldersComeBeforeTheCacheAndInTheirOrder() throws IOException {
        Path second = made("second/libcudnn.so.9");
        Path cached = made("cached/libcudnn.so.9");
        String cache = "ld.so.cache\0libcudnn.so.9\0" + cached + "\0";
        List<Path> folders = List.of(folder.resolve("first"), folder.resolve("second"));
        assertEquals(Optional.of(second), new InstalledLibraries(folders, cache).find("libcudnn.so.9"));
        Path first = made("first/libcudnn.so.9");
        assertEquals(Optional.of(first), new InstalledLibraries(folders, cache).find("libcudnn.so.9"));
        assertEquals(Optional.of(cached), new InstalledLibraries(List.of(), cache).find("libcudnn.so.9"));
    }

    @Test
    void anotherVersionOrALinkToNothingIsNoneAtAll() throws IOException {
        Path older = made("libcudnn.so.8");
        Path longer = made("libcudnn.so.9.1");
        Files.createSymbolicLink(folder.resolve("libcudnn.so.9"), folder.resolve("gone"));
        String cache = "\0" + older + "\0" + longer + "\0" + folder.resolve("removed/libcudnn.so.9") + "\0";
        assertEquals(Optional.empty(), new InstalledLibraries(List.of(folder), cache).find("libcudnn.so.9"));
    }

    @Test
    void allOfAPrefixAreFoundOnceWhereverTheyLie() throws IOException {
        Path blas = made("toolkit/libcublas.so.13");
        Path runtime = made("cached/libcudart.so.13");
        made("toolkit/libnccl.so.2");
        String cache = "\0libcublas.so.13\0" + blas + "\0libcudart.so.13\0" + runtime + "\0libcuda.so.1\0"
                + folder.resolve("gone/libcuda.so.1") + "\0";
        List<Path> folders = List.of(folder.resolve("absent"), folder.resolve("toolkit"), blas);
        assertEquals(List.of(runtime, blas), new InstalledLibraries(folders, cache).beginningWith("libcu"));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatThisProcessRunsOnIsFound() {
        Path library = InstalledLibraries.ofThisMachine()
                .find("libstdc++.so.6") // every native library of ours needs it
                .orElseThrow();
        assertTrue(library.isAbsolute() && Files.exists(library), library::toString);
        assertEquals(Optional.empty(), InstalledLibraries.ofThisMachine().find("libcudnn.so.0"));
    }
}
