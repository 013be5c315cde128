package org.keeplora.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What Linux's table of mounted file systems says of a folder; nothing elsewhere. */
final class MountedFolders {
    private static final Path TABLE = Path.of("/proc/self/mounts");
    /** A line is: device, where it is mounted, type, options, two numbers. */
    private static final int FOLDER = 1;

    private static final int OPTIONS = 3;
    private static final int FIELDS = 6;

    private MountedFolders() {}

    /** Whether {@code folder}, which exists, lies where no program may run. */
    static boolean noexec(Path folder) {
        if (!Files.isReadable(TABLE)) {
            return false;
        }
        try {
            return noexec(folder.toRealPath(), Files.readAllLines(TABLE, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return false; // the loader itself will say what it cannot do
        }
    }

    /** As above, by the lines of a table: the deepest mount counts, of several the last. */
    static boolean noexec(Path folder, List<String> table) {
        int deepest = -1;
        boolean noexec = false;
        for (String line : table) {
            String[] fields = line.split(" ");
            if (fields.length != FIELDS) {
                continue;
            }
            Path mounted = Path.of(unescaped(fields[FOLDER]));
            if (folder.startsWith(mounted) && mounted.getNameCount() >= deepest) {
                deepest = mounted.getNameCount();
                noexec = Arrays.asList(fields[OPTIONS].split(",")).contains("noexec");
            }
        }
        return noexec;
    }

    /** Spaces, tabs and backslashes are written as three octal digits; only spaces are usual in names of folders. */
    private static String unescaped(String field) {
        return field.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
    }
}
