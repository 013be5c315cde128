package org.keeplora.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.ClassProperties;
import org.bytedeco.javacpp.Loader;
import org.keeplora.engine.NativeLibraryProblem;
import org.keeplora.engine.internal.LoadedLibraries;
import org.keeplora.engine.internal.NativeCache;

/**
 * Loads the libtorch on the class path, and no other one of this machine.
 *
 * <p>JavaCPP loads libtorch.so before it unpacks libtorch_cpu.so, which libtorch.so needs. If the dynamic linker finds
 * another libtorch_cpu.so, such as Debian's or one on LD_LIBRARY_PATH, it takes that, and the process dies. The linker
 * does not search for libraries that are already loaded. So this class loads them one by one, each after the libraries
 * it needs.
 */
public final class Libtorch {
    private static final Class<?> BINDINGS = org.bytedeco.pytorch.presets.torch.class;
    /** The libraries that all other parts of libtorch need. */
    private static final List<String> FIRST = List.of("c10", "torch_cpu");
    /** Suffix of the GPU libraries, which need {@link #FIRST}. */
    private static final String ON_GPU = "_cuda";

    private static final String GPU_PART = "torch" + ON_GPU;

    private static final List<String> FILES = List.of("libc10.", "libtorch.", "libtorch_cpu.");
    private static boolean loaded;

    private Libtorch() {}

    /**
     * Must be called before any other use of libtorch; later calls do nothing.
     *
     * @throws NativeLibraryProblem naming the file, if this process holds another libtorch, or if there is no folder to
     *     unpack ours
     */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        NativeCache.prepare();
        requireNoOther();
        ClassProperties properties = Loader.loadProperties(BINDINGS, Loader.loadProperties(), true);
        properties.getInheritedClasses().forEach(Loader::load);
        List<String> names = new ArrayList<>(properties.get("platform.preload"));
        names.removeIf(name -> name.endsWith(ON_GPU));
        names.addAll(FIRST);
        List<String> files = new ArrayList<>();
        for (String name : names) {
            URL[] found = Loader.findLibrary(BINDINGS, properties, name);
            if (found.length > 0) {
                files.add(Loader.loadLibrary(BINDINGS, found, name, files.toArray(String[]::new)));
            }
        }
        Loader.load(BINDINGS);
        requireNoOther();
        loaded = true;
    }

    /**
     * Paths of the parts of libtorch that this process has loaded; empty if the operating system does not provide them.
     */
    public static List<String> files() {
        load();
        return LoadedLibraries.of(FILES);
    }

    /** Whether the class path has the GPU build. */
    static boolean isGpuBuild() {
        String file = "/org/bytedeco/pytorch/" + Loader.getPlatform() + "-gpu/" + System.mapLibraryName(GPU_PART);
        return BINDINGS.getResource(file) != null;
    }

    /** Whether the GPU build's main library is in this process; it is not where a library that it needs is missing. */
    static boolean isGpuPartLoaded() {
        return !LoadedLibraries.of(List.of("lib" + GPU_PART + ".")).isEmpty();
    }

    private static void requireNoOther() {
        List<String> ours = Loader.getLoadedLibraries().values().stream()
                .filter(file -> Files.exists(Path.of(file)))
                .map(Libtorch::real)
                .toList();
        for (String file : LoadedLibraries.of(FILES)) {
            if (!ours.contains(file)) {
                throw new NativeLibraryProblem(
                        "another libtorch is in this process already: " + file
                                + "; start without it (LD_PRELOAD, or a library that brings its own), as a process holds only one");
            }
        }
    }

    private static String real(String file) {
        try {
            return Path.of(file).toRealPath().toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
