package org.keeplora.engine.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Reads Linux's table of mounted file systems. There is none on other systems. */
final class MountedFolders {
    private static final Path TABLE = Path.of("/proc/self/mounts");
    /** Index of the mount point in a line: device, mount point, type, options, two numbers. */
    private static final int FOLDER = 1;

    private static final int OPTIONS = 3;
    private static final int FIELDS = 6;

    private MountedFolders() {}

    /** Whether {@code folder}, which must exist, is mounted with noexec. */
    static boolean noexec(Path folder) {
        if (!Files.isReadable(TABLE)) {
            return false;
        }
        try {
            return noexec(folder.toRealPath(), Files.readAllLines(TABLE, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return false; // the loader will report the problem itself
        }
    }

    /** As above, for the lines of a table. The deepest mount point counts; of several equal ones the last. */
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

    /**
     * Decodes spaces, tabs and backslashes, which are written as three octal digits. Only spaces are common in folder
     * names.
     */
    private static String unescaped(String field) {
        return field.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
    }
}
