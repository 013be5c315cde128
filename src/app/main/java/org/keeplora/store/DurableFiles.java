package org.keeplora.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Writes that are on the disk, not only in the system's cache, when the call returns.
 *
 * <p>A file's content and its name's entry in the folder are forced separately: a renamed file is safe only after its
 * folder is forced too.
 */
final class DurableFiles {
    /**
     * Windows cannot open a folder to force it and need not: NTFS journals folder entries. Windows forces only files
     * that are open for writing. Elsewhere a file is opened for reading, because a result may be write-protected.
     */
    private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

    private DurableFiles() {}

    /** A temporary name beside {@code file} for its content while it is written; {@link #isPart} recognises it. */
    static Path partOf(Path file) {
        return file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
    }

    /** Whether {@code file} is the leftover of an interrupted write, judged by its name. */
    static boolean isPart(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.startsWith(".") && name.endsWith(".part");
    }

    /** Writes {@code text} in UTF-8 to {@code file}, as {@link #write(Path, List)}. */
    static void write(Path file, String text) throws IOException {
        write(file, List.of(StandardCharsets.UTF_8.encode(text)));
    }

    /** Writes {@code content} to {@code file}, replacing it in one step; when that fails, {@code file} is unchanged. */
    static void write(Path file, List<ByteBuffer> content) throws IOException {
        Path part = partOf(file);
        try {
            try (FileChannel channel =
                    FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                for (ByteBuffer bytes : content) {
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                }
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
        force(file.toAbsolutePath().getParent());
    }

    /** Forces a file's content, or a folder's list of names, to the disk. */
    static void force(Path path) throws IOException {
        if (WINDOWS && Files.isDirectory(path)) {
            return;
        }
        try (FileChannel channel =
                FileChannel.open(path, WINDOWS ? StandardOpenOption.WRITE : StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Forces {@code folder} and everything below it. */
    static void forceAll(Path folder) throws IOException {
        for (Path path : deepestFirst(folder)) {
            if (Files.isRegularFile(path) || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                force(path);
            }
        }
    }

    /** Deletes {@code tree} and everything below it; links are deleted, not followed. */
    static void deleteAll(Path tree) throws IOException {
        if (Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            for (Path path : deepestFirst(tree)) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Deletes what interrupted writes left below {@code folder}. */
    static void deleteParts(Path folder) throws IOException {
        for (Path path : deepestFirst(folder)) {
            if (isPart(path) && !path.equals(folder)) {
                deleteAll(path);
            }
        }
    }

    /** The entries of {@code folder}, in no order. */
    static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static List<Path> deepestFirst(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
