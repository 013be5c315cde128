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
 * One process's hold on a run folder; the system ends it with the process, however that ends.
 *
 * <p>A lock file is opened once per process: on POSIX systems, closing any channel of a file gives up all the process's
 * locks on it, so a second attempt must be refused before it opens the file.
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
     * Takes the lock on {@code run} by its file {@code lock}, whose folder exists.
     *
     * @throws BadFile when a process has it, this one included
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
