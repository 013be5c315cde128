package org.keeplora.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A hidden folder that takes its name in one step once it is whole; until then {@link #delete} leaves nothing of it.
 */
final class PartFolder {
    private final Path target;
    private final Path path;
    private final List<Path> createdParents = new ArrayList<>();
    private boolean appeared;

    private PartFolder(Path target) {
        this.target = target;
        this.path = DurableFiles.partOf(target);
    }

    /**
     * Creates the hidden folder beside {@code target}, and the parents it lacks.
     *
     * @param target absolute
     * @throws BadFile when something of that name exists
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

    /** Where the folder is until it appears. */
    Path path() {
        return path;
    }

    boolean appeared() {
        return appeared;
    }

    /**
     * Forces all of it to the disk, moves it to its name and forces that.
     *
     * @throws BadFile when something of that name was created meanwhile
     */
    void appear() throws IOException {
        DurableFiles.forceAll(path);
        requireAbsent();
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        appeared = true;
        DurableFiles.force(target.getParent());
        for (Path parent : createdParents) {
            DurableFiles.force(parent.getParent());
        }
    }

    /** Deletes the folder, unless it appeared, and the parents created for it that hold nothing else. */
    void delete() throws IOException {
        if (appeared) {
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

    /** {@link #delete} after {@code failure}, which stays the one to report. */
    void deleteAfter(Exception failure) {
        try {
            delete();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
