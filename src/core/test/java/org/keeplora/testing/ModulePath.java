package org.keeplora.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Programs of tests in a JVM with an empty class path. */
public final class ModulePath {
    private ModulePath() {}

    /** Folder or jar that {@code type} was loaded from. */
    public static Path placeOf(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    /**
     * Runs {@code program}, a class of this class path, as a member of {@code module}.
     *
     * @param places of the modules; Bytedeco's are added
     * @return what it printed, its errors included
     */
    public static String run(String module, Class<?> program, Path... places) throws IOException, InterruptedException {
        List<String> modules =
                new ArrayList<>(Stream.of(places).map(Path::toString).toList());
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.contains("bytedeco")) {
                modules.add(entry);
            }
        }
        return ChildJvm.run(List.of(
                "-p",
                String.join(File.pathSeparator, modules),
                "--add-modules",
                "ALL-MODULE-PATH",
                "--patch-module",
                module + "=" + placeOf(program),
                "-m",
                module + "/" + program.getName()));
    }
}
