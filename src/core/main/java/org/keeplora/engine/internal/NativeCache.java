package org.keeplora.engine.internal;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.keeplora.engine.NativeLibraryProblem;

/**
 * Chooses the folder into which native libraries are unpacked at their first use and from which they run. It is below
 * the home folder, or below the folder of temporary files if the home folder cannot be written or is mounted with
 * noexec.
 *
 * <p>Below the folder of temporary files it must belong to this user alone, as others could put libraries there.
 */
public final class NativeCache {
    /** JavaCPP's own property, which JavaCPP reads once. */
    private static final String PROPERTY = "org.bytedeco.javacpp.cachedir";

    private static final Path IN_HOME = Path.of(".javacpp", "cache");
    private static final String PLACE = "a folder with 500 MB free from which programs may run";
    private static final String ADVICE = "set JAVA_OPTS=-D" + PROPERTY + "=FOLDER, " + PLACE;
    private static final Path SELF = Path.of("/proc/self");
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static boolean prepared;

    private NativeCache() {}

    /**
     * Sets JavaCPP's folder and unpacks OpenBLAS there, once. Call it before the first use of JavaCPP; later calls do
     * nothing.
     *
     * @throws NativeLibraryProblem in one line, when no folder is usable
     */
    public static synchronized void prepare() {
        if (prepared) {
            return;
        }
        String given = System.getProperty(PROPERTY);
        if (given == null) {
            System.setProperty(PROPERTY, folder(IN_HOME, ADVICE).toString());
        } else {
            obstacle(Path.of(given).toAbsolutePath()).ifPresent(reason -> {
                throw new NativeLibraryProblem(PROPERTY + " is " + given + ", which " + reason + "; name " + PLACE);
            });
        }
        SingleOpenBlas.prepare();
        prepared = true;
    }

    /**
     * The folder {@code inner} of the home folder. If that is not usable, a folder of this user for temporary files.
     * Created if missing.
     *
     * @param advice what to do if neither is usable
     * @throws NativeLibraryProblem in one line, saying why
     */
    public static Path folder(Path inner, String advice) {
        Path atHome = home().resolve(inner);
        Optional<String> home = obstacle(atHome);
        if (home.isEmpty()) {
            return atHome;
        }
        Path own = Path.of(System.getProperty("java.io.tmpdir"), "keeplora-" + user());
        Optional<String> temporary = sharedObstacle(own).or(() -> obstacle(own.resolve(inner)));
        if (temporary.isPresent()) {
            throw new NativeLibraryProblem("native libraries cannot be unpacked: " + atHome + " " + home.get()
                    + ", and " + own + " " + temporary.get() + "; " + advice);
        }
        return own.resolve(inner);
    }

    /**
     * Why native libraries cannot be unpacked into {@code folder} and run from there, as a phrase that follows its
     * name; empty if they can. Creates the folder.
     */
    public static Optional<String> obstacle(Path folder) {
        if (!folder.isAbsolute()) {
            return Optional.of("is not an absolute path");
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            return Optional.of("cannot be made");
        }
        if (!Files.isWritable(folder)) {
            return Optional.of("cannot be written");
        }
        return MountedFolders.noexec(folder) ? Optional.of("lets no program run (noexec)") : Optional.empty();
    }

    private static Optional<String> sharedObstacle(Path own) {
        try {
            if (!Files.exists(own, LinkOption.NOFOLLOW_LINKS)) {
                if (posix()) {
                    Files.createDirectory(own, PRIVATE);
                } else {
                    Files.createDirectory(own);
                }
            }
            boolean mine = !posix()
                    || Files.isDirectory(own, LinkOption.NOFOLLOW_LINKS)
                            && Files.getOwner(own, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(SELF))
                            && Files.getPosixFilePermissions(own).equals(PRIVATE.value());
            return mine ? Optional.empty() : Optional.of("does not belong to this user alone");
        } catch (IOException e) {
            return Optional.of("cannot be made");
        }
    }

    private static Path home() {
        return Path.of(System.getProperty("user.home"));
    }

    /** Identifies the user: by uid on Linux, because a user may have no name there; else by name. */
    private static String user() {
        try {
            return posix()
                    ? Files.getAttribute(SELF, "unix:uid").toString()
                    : System.getProperty("user.name").replace(File.separatorChar, '-');
        } catch (IOException e) {
            return System.getProperty("user.name");
        }
    }

    private static boolean posix() {
        return Files.isDirectory(SELF);
    }
}
