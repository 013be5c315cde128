package org.keeplora.store;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Names that files contain, as paths below a folder.
 *
 * <p>A name may not climb out: no absolute path, no {@code ..} anywhere. Symbolic links below the folder are followed,
 * as only the user can have put them there.
 */
public final class InnerPath {
    private static final String PARENT = "..";

    private InnerPath() {}

    /**
     * The path of {@code name} below {@code folder}; empty when the name climbs out, is blank, or can be no path.
     *
     * @throws UserError when only this process cannot express the name, see {@link NameEncoding}
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
        } catch (InvalidPathException e) { // a character that no name may have: no path, as documented
            NameEncoding.require(name);
            return Optional.empty();
        }
    }
}
