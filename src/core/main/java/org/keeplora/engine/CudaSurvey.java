package org.keeplora.engine;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.javacpp.Pointer;

/**
 * The result of looking for CUDA.
 *
 * @param facts what was found
 * @param obstacles why CUDA is not available; empty if it is
 */
record CudaSurvey(List<String> facts, List<String> obstacles) {
    /** The fact that our kernels run on the host, for tests. */
    static final String EMULATED = "our kernels EMULATED on the host: for tests, never fast";

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final boolean LINUX = System.getProperty("os.name").startsWith("Linux");
    /** One of these exists if there is a driver: on Linux, or on Linux under Windows. */
    private static final List<Path> DRIVERS = List.of(Path.of("/dev/nvidiactl"), Path.of("/dev/dxg"));

    /** Whether the device is an emulation and not a GPU. */
    boolean emulated() {
        return facts.contains(EMULATED);
    }

    /** Why CUDA is not used, in a few words for users who may not want it. */
    String brief() {
        if (emulated()) {
            return EMULATED;
        }
        boolean driver = DRIVERS.stream().anyMatch(Files::exists);
        return LINUX && !driver ? "no NVIDIA driver" : "CUDA cannot be used here; 'keeplora doctor' says why";
    }

    /**
     * The survey of this machine and class path. {@link CudaProbe} makes it once, in a separate process, unless the
     * parent of this one has done that for the same {@link CudaSurveySubject}.
     */
    static CudaSurvey ofThisMachine() {
        return Once.SURVEY;
    }

    /** See {@link Linalg#childOptions}. */
    static List<String> childOptions() {
        return Once.SURVEY.obstacles().isEmpty()
                ? List.of(Once.SUBJECT.option(ProcessHandle.current().pid()))
                : List.of();
    }

    private static final class Once {
        private static final CudaSurveySubject SUBJECT = CudaSurveySubject.ofThisProcess();
        private static final CudaSurvey SURVEY = SUBJECT.wasUsableToParent() ? here() : survey();
    }

    /** A new survey in this process, which must be sure to survive it. */
    private static CudaSurvey here() {
        List<String> lines = new ArrayList<>();
        new CudaProbe(lines::add).run();
        return of(new ProbeProcess(lines, "is this one"));
    }

    /** A new survey, as {@link #ofThisMachine}, under this process's limit of memory. */
    static CudaSurvey survey() {
        return survey(Pointer.maxPhysicalBytes());
    }

    /** @param physicalBytes limit for {@link JavaCppMemory}; its default would depend on the probe's small heap */
    static CudaSurvey survey(long physicalBytes) {
        try {
            Class.forName("org.bytedeco.cuda.global.cudart", false, CudaSurvey.class.getClassLoader());
            return of(ProbeProcess.run(command(physicalBytes), LIMIT));
        } catch (ClassNotFoundException e) {
            return new CudaSurvey(
                    List.of(), List.of("the CUDA bindings (org.bytedeco:cuda) are not on the class path"));
        } catch (IOException e) {
            return new CudaSurvey(
                    List.of(), List.of("no process could be started to look for CUDA: " + e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new CudaSurvey(List.of(), List.of("interrupted while looking for CUDA"));
        }
    }

    private static List<String> command(long physicalBytes) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-cp", classPath()));
        command.addAll(loadingOptions());
        command.add("-D" + JavaCppMemory.PHYSICAL + "=" + physicalBytes);
        command.add(CudaProbe.class.getName());
        return command;
    }

    /** The system properties of this process that decide which libraries are loaded, and JavaCPP's limits. */
    static List<String> loadingOptions() {
        return System.getProperties().stringPropertyNames().stream()
                .filter(CudaSurvey::mattersForLoading)
                .sorted()
                .map(name -> "-D" + name + "=" + System.getProperty(name))
                .toList();
    }

    private static boolean mattersForLoading(String property) {
        return property.equals("java.library.path")
                || property.equals(CudaKlr.FILE_PROPERTY)
                || property.startsWith("org.bytedeco.javacpp.");
    }

    /** Interprets what a {@link CudaProbe} wrote. */
    static CudaSurvey of(ProbeProcess probe) {
        List<String> facts = new ArrayList<>();
        List<String> obstacles = new ArrayList<>();
        String step = "its start";
        boolean usable = false;
        for (String line : probe.lines()) {
            if (line.startsWith(CudaProbe.STEP)) {
                step = line.substring(CudaProbe.STEP.length());
            } else if (line.startsWith(CudaProbe.FACT)) {
                facts.add(line.substring(CudaProbe.FACT.length()));
            } else if (line.startsWith(CudaProbe.OBSTACLE)) {
                obstacles.add(step + ": " + line.substring(CudaProbe.OBSTACLE.length()));
            }
            usable |= line.equals(CudaProbe.USABLE);
        }
        if (!usable && obstacles.isEmpty()) {
            obstacles.add(step + ": the process that tried it " + probe.end());
        }
        return new CudaSurvey(List.copyOf(facts), List.copyOf(obstacles));
    }

    /** This process's class path and module path, and the places from which the probe's classes were loaded. */
    static String classPath() {
        Set<String> entries = new LinkedHashSet<>(
                List.of(System.getProperty("java.class.path", "").split(File.pathSeparator)));
        for (String entry : System.getProperty("jdk.module.path", "").split(File.pathSeparator)) {
            boolean jars = Files.isDirectory(Path.of(entry)) && Files.notExists(Path.of(entry, "module-info.class"));
            entries.add(jars ? entry + File.separator + "*" : entry);
        }
        for (Class<?> needed : List.of(CudaSurvey.class, Pointer.class)) {
            try {
                URI source = needed.getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI();
                entries.add(Path.of(source).toString());
            } catch (URISyntaxException e) {
                throw new IllegalStateException("class path entry of " + needed, e);
            }
        }
        return String.join(File.pathSeparator, entries);
    }
}
