package org.keeplora.engine;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.keeplora.engine.internal.InstalledLibraries;

/**
 * What decides how a {@link CudaSurvey} ends: class path, options, environment, driver and libraries of a process.
 *
 * <p>A process to which CUDA is usable names its subject to the JVMs that it starts. One that finds the same subject
 * uses CUDA without asking a separate process first. The name holds for children of that process only, and not after
 * any change. Obstacles are not handed on: they may be gone, and to look again does no harm.
 *
 * @param text a line for each thing, JavaCPP's limits of memory left out, under which libraries load all the same
 */
record CudaSurveySubject(String text) {
    private static final String PROPERTY = "keeplora.cudaUsable";
    private static final String LIMIT = "-Dorg.bytedeco.javacpp.max";
    private static final Path DRIVER = Path.of("/proc/driver/nvidia/version");
    /** How the names of the libraries begin that the bindings load. */
    private static final String LIBRARIES = "libcu";

    static CudaSurveySubject ofThisProcess() {
        return of(InstalledLibraries.ofThisMachine());
    }

    static CudaSurveySubject of(InstalledLibraries installed) {
        List<String> lines = new ArrayList<>();
        lines.add(CudaSurvey.classPath());
        CudaSurvey.loadingOptions().stream()
                .filter(option -> !option.startsWith(LIMIT))
                .forEach(lines::add);
        new TreeMap<>(System.getenv()).forEach((name, value) -> lines.add(name + "=" + value));
        lines.add(driver());
        for (Path library : installed.beginningWith(LIBRARIES)) {
            File file = library.toFile();
            lines.add(library + " " + file.length() + " " + file.lastModified());
        }
        return new CudaSurveySubject(String.join("\n", lines));
    }

    private static String driver() {
        try {
            return Files.exists(DRIVER) ? Files.readString(DRIVER) : "no driver";
        } catch (IOException e) {
            return "a driver of an unknown version: " + e;
        }
    }

    /** The option for the JVMs that process {@code surveyor} starts. */
    String option(long surveyor) {
        String name = UUID.nameUUIDFromBytes((surveyor + "\n" + text).getBytes(StandardCharsets.UTF_8))
                .toString();
        return "-D" + PROPERTY + "=" + name;
    }

    boolean wasUsableToParent() {
        String given = "-D" + PROPERTY + "=" + System.getProperty(PROPERTY);
        return ProcessHandle.current()
                .parent()
                .filter(parent -> given.equals(option(parent.pid())))
                .isPresent();
    }
}
