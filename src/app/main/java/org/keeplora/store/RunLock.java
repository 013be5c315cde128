package org.keeplora.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One process's lock on a run folder; the operating system releases it when the process ends in any way.
 *
 * <p>A process opens the lock file only once. On POSIX systems, closing any channel of a file releases all locks of the
 * process on it, so a second attempt is refused before it opens the file.
 */
final class RunLock implements AutoCloseable {
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path key;
    private final FileChannel channel;

    private RunLock(Path key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /**
     * Locks {@code run} with the file {@code lock}, whose folder exists.
     *
     * @throws BadFile when any process, this one included, holds the lock
     */
    static RunLock take(Path run, Path lock) throws IOException {
        Path key = lock.toAbsolutePath().getParent().toRealPath().resolve(lock.getFileName());
        if (!HELD_HERE.add(key)) {
            throw inUse(run, "this process");
        }
        FileChannel channel = null;
        boolean taken = false;
        try {
            channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock held = channel.tryLock();
            if (held == null) {
                throw inUse(run, "another process");
            }
            taken = true;
            return new RunLock(key, channel);
        } catch (OverlappingFileLockException e) {
            throw inUse(run, "this process");
        } finally {
            if (!taken) {
                HELD_HERE.remove(key);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    private static BadFile inUse(Path run, String who) {
        return new BadFile(run, "in use by " + who + "; wait until that ends, or end it");
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD_HERE.remove(key);
        }
    }
}
