package org.keeplora.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The folder that a run's results are written to by name.
 *
 * @param path the folder
 * @param reserved names in it that results may not use
 */
record ResultFolder(Path path, Set<String> reserved) {
    /**
     * The path to write the file {@code name} to; its folder exists.
     *
     * @throws IllegalArgumentException when the name leads out of the folder or is reserved for the run's own files
     */
    Path file(String name) {
        Path file = path.resolve(name).normalize();
        if (!file.startsWith(path) || file.equals(path)) {
            throw new IllegalArgumentException("result " + name + " is not a name inside the run's folder " + path);
        }
        List<Path> inside = new ArrayList<>();
        path.relativize(file).forEach(inside::add);
        if (reserved.contains(inside.get(0).toString()) || inside.stream().anyMatch(DurableFiles::isPart)) {
            throw new IllegalArgumentException("result " + name + " is named as the run's own files are, " + reserved
                    + " or .*.part; choose another name");
        }
        created(file.getParent());
        return file;
    }

    /** Creates the folder {@code name}; throws as {@link #file}. */
    Path folder(String name) {
        return created(file(name));
    }

    private static Path created(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be created: " + e, e);
        }
    }
}
