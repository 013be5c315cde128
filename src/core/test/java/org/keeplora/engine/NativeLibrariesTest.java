package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.GramUpdate;
import org.keeplora.engine.internal.LowRank;
import org.keeplora.engine.internal.LowRankFactors;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Projector;
import org.keeplora.engine.internal.Svd;
import org.keeplora.testing.ChildJvm;

/** Class paths without native libraries, and what those libraries print, in other JVMs. */
final class NativeLibrariesTest {
    private static final String PLATFORM = Loader.getPlatform();

    @TempDir
    Path cache;

    /** Opens the backend that is given, and prints how that ended. */
    static final class Opening {
        private Opening() {}

        public static void main(String[] arguments) {
            try (BatchLinalg linalg = BatchLinalg.open(BackendChoice.valueOf(arguments[0]), 1)) {
                System.out.println("opened " + linalg.backend());
            } catch (NativeLibraryProblem e) {
                System.out.println(e.getMessage());
            }
        }
    }

    /** Computes with magnitudes of every size; what is refused is refused silently. */
    static final class Magnitudes {
        private static final int ROWS = 40;
        private static final int COLS = 24;

        private Magnitudes() {}

        public static void main(String[] arguments) {
            try (BatchLinalg linalg = BatchLinalg.open(BackendChoice.CPU, 2)) {
                for (double magnitude : new double[] {1e-45, 1e-38, 1, 1e34, 1e36, 3.6e37, 7e37, 3.4e38}) {
                    for (ElementType type : List.of(ElementType.F32, ElementType.F64)) {
                        double scale = type == ElementType.F32 ? magnitude : magnitude * magnitude * magnitude;
                        compute(linalg, Reference.gaussian(ROWS, COLS, scale / 4, 1), type);
                    }
                }
            }
        }

        private static void compute(BatchLinalg linalg, double[][] values, ElementType type) {
            try (Matrix m = Reference.matrix(values, COLS, type);
                    Matrix basis = Reference.matrix(Reference.orthonormal(ROWS, 5, 2), 5, type);
                    Matrix gram = linalg.zeros(COLS, COLS, ElementType.F64)) {
                List<Runnable> operations = List.of(
                        () -> linalg.lowRank(List.of(LowRank.of(m, 4, 16, 2, 1)))
                                .forEach(LowRankFactors::close),
                        () -> linalg.svd(List.of(m)).forEach(Svd::close),
                        () -> linalg.accumulateGram(List.of(new GramUpdate(gram, m))),
                        () -> linalg.eigh(List.of(gram)).forEach(Eigen::close),
                        () -> linalg.projectOut(List.of(new Projection(m, Projector.outOf(basis)))),
                        () -> linalg.orthonormalize(List.of(m)),
                        () -> linalg.complement(List.of(m)).forEach(Matrix::close));
                for (Runnable operation : operations) {
                    try {
                        operation.run();
                    } catch (IllegalArgumentException e) {
                        // one line that names the matrix; what matters here is that nothing is printed
                    }
                }
            }
        }
    }

    private String output(Class<?> program, List<String> without, String... arguments)
            throws IOException, InterruptedException {
        List<String> entries = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> without.stream()
                        .noneMatch(name ->
                                Path.of(entry).getFileName().toString().startsWith(name) && entry.contains(PLATFORM)))
                .toList();
        List<String> command = new ArrayList<>(List.of(
                "-Dorg.bytedeco.javacpp.cachedir=" + cache,
                "-cp",
                String.join(File.pathSeparator, entries),
                program.getName()));
        command.addAll(List.of(arguments));
        return ChildJvm.run(command);
    }

    @Test
    void withoutTheJarsOfThisPlatformOpeningNamesThem() throws Exception {
        String openblas = "openblas-" + Loader.getVersion("org.bytedeco", "openblas") + "-" + PLATFORM + ".jar";
        String javacpp = "javacpp-" + Loader.getVersion("org.bytedeco", "javacpp") + "-" + PLATFORM + ".jar";
        String start = "the native libraries of OpenBLAS cannot be loaded: not on the class path or module path: ";
        String end = "; add org.bytedeco:javacpp and org.bytedeco:openblas with classifier " + PLATFORM;
        assertEquals(start + openblas + end, output(Opening.class, List.of("openblas"), "CPU"));
        assertEquals(
                start + javacpp + ", " + openblas + end, output(Opening.class, List.of("openblas", "javacpp"), "AUTO"));
        assertEquals("opened cpu", output(Opening.class, List.of(), "CPU"));
    }

    @Test
    void nothingIsPrintedWhateverTheMagnitude() throws Exception {
        assertEquals("", output(Magnitudes.class, List.of()));
    }
}
