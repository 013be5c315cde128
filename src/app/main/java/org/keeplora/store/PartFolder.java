package org.keeplora.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A hidden folder that gets its final name in one step when it is complete; before that, {@link #delete} removes all of
 * it.
 */
final class PartFolder {
    private final Path target;
    private final Path path;
    private final List<Path> createdParents = new ArrayList<>();
    private boolean published;

    private PartFolder(Path target) {
        this.target = target;
        this.path = DurableFiles.partOf(target);
    }

    /**
     * Creates the hidden folder beside {@code target}, and the missing parent folders.
     *
     * @param target absolute
     * @throws BadFile when {@code target} exists
     */
    static PartFolder beside(Path target) throws IOException {
        PartFolder part = new PartFolder(target);
        part.requireAbsent();
        for (Path p = target.getParent(); !Files.exists(p); p = p.getParent()) {
            part.createdParents.add(p);
        }
        try {
            Files.createDirectories(part.path);
        } catch (IOException e) {
            part.deleteAfter(e);
            throw e;
        }
        return part;
    }

    private void requireAbsent() {
        if (Files.exists(target)) {
            throw new BadFile(target, "exists already; remove it or choose another name for the run");
        }
    }

    /** The path of the hidden folder. */
    Path path() {
        return path;
    }

    boolean published() {
        return published;
    }

    /**
     * Forces the whole folder to the disk, moves it to its final name and forces the move.
     *
     * @throws BadFile when {@code target} was created in the meantime
     */
    void publish() throws IOException {
        DurableFiles.forceAll(path);
        requireAbsent();
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        published = true;
        DurableFiles.force(target.getParent());
        for (Path parent : createdParents) {
            DurableFiles.force(parent.getParent());
        }
    }

    /** Deletes the folder, unless {@link #publish} succeeded, and the parent folders created for it that are empty. */
    void delete() throws IOException {
        if (published) {
            return;
        }
        DurableFiles.deleteAll(path);
        for (Path parent : createdParents) {
            if (Files.exists(parent)) {
                if (!DurableFiles.entries(parent).isEmpty()) {
                    return;
                }
                Files.delete(parent);
            }
        }
    }

    /** Calls {@link #delete} after {@code failure}; {@code failure} stays the exception to report. */
    void deleteAfter(Exception failure) {
        try {
            delete();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
