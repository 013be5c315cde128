package org.keeplora.engine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.engine.NativeLibraryProblem;

/** The choice of the folder for native libraries. */
final class NativeCacheTest {
    private static final List<String> MOUNTS = List.of(
            "/dev/vda / ext4 rw,relatime 0 0",
            "tmpfs /home tmpfs rw,nosuid,noexec,relatime 0 0",
            "server:/pool /home/my\\040own nfs4 rw,exec 0 0",
            "tmpfs /tmp tmpfs rw,noexec 0 0",
            "tmpfs /tmp tmpfs rw 0 0",
            "a line of another kind");

    @TempDir
    Path folder;

    @Test
    void theDeepestMountDecidesWhetherProgramsRun() {
        assertFalse(MountedFolders.noexec(Path.of("/opt/keeplora"), MOUNTS));
        assertTrue(MountedFolders.noexec(Path.of("/home/someone/.javacpp"), MOUNTS));
        assertFalse(MountedFolders.noexec(Path.of("/home/my own/.javacpp"), MOUNTS));
        assertFalse(MountedFolders.noexec(Path.of("/tmp/x"), MOUNTS), "mounted over by one without noexec");
        assertFalse(MountedFolders.noexec(Path.of("/homes/x"), MOUNTS));
    }

    @Test
    void aFolderIsTakenOrRefusedWithTheReason() throws IOException {
        Path inner = folder.resolve("a/b");
        assertEquals(Optional.empty(), NativeCache.obstacle(inner));
        assertTrue(Files.isDirectory(inner));
        Path file = Files.createFile(folder.resolve("file"));
        assertEquals(Optional.of("cannot be made"), NativeCache.obstacle(file.resolve("c")));
        assertEquals(Optional.of("is not an absolute path"), NativeCache.obstacle(Path.of("?/.javacpp/cache")));
    }

    @Test
    void withoutAHomeTheFolderOfTemporaryFilesServesUnlessItIsShared() throws IOException {
        String home = System.getProperty("user.home");
        String temporary = System.getProperty("java.io.tmpdir");
        try {
            System.setProperty("user.home", "?");
            System.setProperty("java.io.tmpdir", folder.toString());
            Path inner = NativeCache.folder(Path.of("x"), "set Y");
            Path own = inner.getParent();
            assertEquals(folder, own.getParent());
            assertTrue(own.getFileName().toString().startsWith("keeplora-"));
            assertTrue(Files.isDirectory(inner));
            Files.delete(inner);
            Files.delete(own);
            Files.createFile(own);
            assertEquals(
                    "native libraries cannot be unpacked: ?/x is not an absolute path, and " + own
                            + " does not belong to this user alone; set Y",
                    assertThrows(NativeLibraryProblem.class, () -> NativeCache.folder(Path.of("x"), "set Y"))
                            .getMessage());
        } finally {
            System.setProperty("user.home", home);
            System.setProperty("java.io.tmpdir", temporary);
        }
    }
}
