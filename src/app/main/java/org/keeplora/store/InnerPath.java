package org.keeplora.store;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Resolves names from a file's content to paths below a folder.
 *
 * <p>A name may not lead out of the folder: no absolute path, no {@code ..} anywhere. Symbolic links below the folder
 * are followed, because only the user can have put them there.
 */
public final class InnerPath {
    private static final String PARENT = "..";

    private InnerPath() {}

    /**
     * The path of {@code name} below {@code folder}; empty when the name leads out, is blank, or is not a valid path.
     *
     * @throws UserError when the name is valid but this process cannot express it, see {@link NameEncoding}
     */
    public static Optional<Path> of(Path folder, String name) {
        try {
            Path inner = Path.of(name);
            for (Path step : inner) {
                if (step.toString().equals(PARENT)) {
                    return Optional.empty();
                }
            }
            boolean names = !inner.isAbsolute()
                    && inner.getRoot() == null
                    && !inner.normalize().toString().isBlank();
            return names ? Optional.of(folder.resolve(inner)) : Optional.empty();
        } catch (InvalidPathException e) { // a character that no file name may have: empty, as documented
            NameEncoding.require(name);
            return Optional.empty();
        }
    }
}
