package org.keeplora.engine.internal;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.presets.openblas;

/**
 * Keeps OpenBLAS single in JavaCPP's cache and in the process. JavaCPP unpacks the same 37 MB a second time as
 * {@code libopenblas_nolapack.so.0} and loads both, each with a pool of threads. It takes a link of that name beside
 * the library as well, and the system loads one file once.
 */
final class SingleOpenBlas {
    private static final String LIBRARY = "libopenblas.so.0";
    private static final String SECOND_NAME = "libopenblas_nolapack.so.0";
    private static final System.Logger LOG = System.getLogger(SingleOpenBlas.class.getName());

    private SingleOpenBlas() {}

    /**
     * Unpacks OpenBLAS and links its second name to it. Does nothing where the cache is not Linux's, or where a
     * property of JavaCPP's names another BLAS. What fails is logged; JavaCPP then unpacks both.
     */
    static void prepare() {
        String platform = Loader.getPlatform();
        boolean replaced = Stream.of("openblas", "openblas_nolapack")
                .anyMatch(name -> System.getProperty("org.bytedeco." + name + ".load") != null);
        if (replaced || !platform.startsWith("linux")) {
            return;
        }
        try {
            File library = Loader.cacheResource(openblas.class, platform + "/" + LIBRARY);
            if (library != null) {
                link(library.toPath());
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "OpenBLAS is unpacked twice", e);
        }
    }

    /** Makes the second name a link to {@code library} in one step, as other processes may be loading it. */
    static void link(Path library) throws IOException {
        Path second = library.resolveSibling(SECOND_NAME);
        if (!Files.isSymbolicLink(second)) {
            Path made = library.resolveSibling(
                    SECOND_NAME + "." + ProcessHandle.current().pid());
            Files.deleteIfExists(made);
            Files.createSymbolicLink(made, library.getFileName());
            Files.move(made, second, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
