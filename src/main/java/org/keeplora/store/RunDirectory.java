package org.keeplora.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder of results that appears under its name only when it is complete.
 *
 * <p>Work goes on in a hidden folder beside it ({@code .<name>.<random>.part}); {@link #commit} adds {@code SHA256SUMS} and moves
 * it to its name in one step, {@link #close} without commit deletes it and every parent folder created for it. A process that is
 * killed leaves the hidden folder, which may be deleted.
 */
public final class RunDirectory implements AutoCloseable {
    private final Path target;
    private final Path part;
    private final Deque<Path> createdParents = new ArrayDeque<>();
    private boolean committed;

    private RunDirectory(Path target) {
        this.target = target;
        this.part = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
    }

    /**
     * Starts the folder {@code target}.
     *
     * @throws BadFile when something of that name exists
     * @throws UncheckedIOException when no folder can be created there
     */
    public static RunDirectory create(Path target) {
        RunDirectory run = new RunDirectory(target.toAbsolutePath().normalize());
        run.requireAbsent();
        try {
            for (Path p = run.target.getParent(); !Files.exists(p); p = p.getParent()) {
                run.createdParents.addLast(p);
            }
            Files.createDirectories(run.part);
        } catch (IOException e) {
            throw run.failed("cannot be created", e);
        }
        return run;
    }

    private void requireAbsent() {
        if (Files.exists(target)) {
            throw new BadFile(target, "exists already; remove it or choose another name for the run");
        }
    }

    /** Where the file {@code name} of this run is to be written; its folder exists. */
    public Path file(String name) {
        Path file = part.resolve(name).normalize();
        if (!file.startsWith(part) || file.equals(part)) {
            throw new IllegalArgumentException("RunDirectory.file: " + name + " is not a name inside the folder");
        }
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw failed("no folder for " + name, e);
        }
        return file;
    }

    /** The folder {@code name} of this run, created. */
    public Path folder(String name) {
        Path folder = file(name);
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw failed("no folder " + name, e);
        }
    }

    /**
     * Ends the work: writes {@code SHA256SUMS} and moves the folder to its name.
     *
     * @return the folder's final path
     * @throws BadFile when something of that name was created meanwhile
     */
    public Path commit() {
        if (committed) {
            throw new IllegalStateException("run folder " + target + " was committed before");
        }
        requireAbsent();
        try {
            Checksums.write(part);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failed("cannot be completed", e);
        }
        committed = true;
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
        if (committed || !Files.exists(part)) {
            return;
        }
        try {
            try (Stream<Path> files = Files.walk(part)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            for (Path parent : createdParents) {
                try (Stream<Path> others = Files.list(parent)) {
                    if (others.findAny().isPresent()) {
                        return;
                    }
                }
                Files.delete(parent);
            }
        } catch (IOException e) {
            throw failed("the unfinished folder " + part + " cannot be deleted", e);
        }
    }

    private UncheckedIOException failed(String what, IOException cause) {
        return new UncheckedIOException(target + ": " + what + ": " + cause, cause);
    }
}
