package org.keeplora.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * A folder of results that appears under its name only when it is complete.
 *
 * <p>Files are written in a hidden folder beside it ({@code .<name>.<random>.part}); {@link #commit} adds {@code
 * SHA256SUMS} and moves the folder to its name in one step. {@link #close} without commit deletes it and every parent
 * folder created for it. A process that is killed leaves the hidden folder; it may be deleted.
 */
public final class RunDirectory implements AutoCloseable {
    private final Path target;
    private final PartFolder part;
    private final ResultFolder results;

    private RunDirectory(Path target, PartFolder part) {
        this.target = target;
        this.part = part;
        this.results = new ResultFolder(part.path(), Set.of(Checksums.STATE_FOLDER, Checksums.FILE_NAME));
    }

    /**
     * Creates the hidden folder for {@code target}.
     *
     * @throws BadFile when {@code target} exists
     * @throws UncheckedIOException when no folder can be created there
     */
    public static RunDirectory create(Path target) {
        Path run = target.toAbsolutePath().normalize();
        try {
            return new RunDirectory(run, PartFolder.beside(run));
        } catch (IOException e) {
            throw failed(run, "cannot be created", e);
        }
    }

    /**
     * The path to write this run's file {@code name} to; its folder exists.
     *
     * @throws IllegalArgumentException when the name leads out of the folder or is reserved for the run's own files
     */
    public Path file(String name) {
        return results.file(name);
    }

    /** Creates the folder {@code name} of this run; throws as {@link #file}. */
    public Path folder(String name) {
        return results.folder(name);
    }

    /**
     * Writes {@code SHA256SUMS}, forces everything to the disk and moves the folder to its name.
     *
     * @return the folder's final path
     * @throws BadFile when a file or folder of that name was created in the meantime
     */
    public Path commit() {
        if (part.published()) {
            throw new IllegalStateException("run folder " + target + " was committed before");
        }
        try {
            Checksums.write(part.path());
            part.publish();
        } catch (IOException e) {
            throw failed(target, "cannot be completed", e);
        }
        return target;
    }

    /**
     * Checks a committed folder against its {@code SHA256SUMS}.
     *
     * @throws BadFile naming the first file that is missing, changed or not listed
     */
    public static void verify(Path folder) {
        try {
            Checksums.verify(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be checked: " + e, e);
        }
    }

    @Override
    public void close() {
        try {
            part.delete();
        } catch (IOException e) {
            throw failed(target, "the unfinished folder " + part.path() + " cannot be deleted", e);
        }
    }

    private static UncheckedIOException failed(Path target, String what, IOException cause) {
        return new UncheckedIOException(target + ": " + what + ": " + cause, cause);
    }
}
