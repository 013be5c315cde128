package org.keeplora.cli;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bytedeco.javacpp.Pointer;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.BackendReport;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.InstalledLibraries;
import org.keeplora.engine.internal.NativeCache;
import org.keeplora.engine.internal.SelfTest;
import org.keeplora.torch.Libtorch;
import org.keeplora.torch.TorchDevice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints which backends and devices this machine can use, and why not the others. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Show what this machine can compute with, test each for two seconds, and say why the rest is unusable.")
final class DoctorCommand implements Callable<Integer> {
    private static final double SECONDS = 2;
    private static final List<String> VARIABLES = List.of(
            "OMP_WAIT_POLICY",
            "OPENBLAS_NUM_THREADS",
            "OPENBLAS_THREAD_TIMEOUT",
            "OMP_NUM_THREADS",
            "LD_LIBRARY_PATH",
            BackendSetting.VARIABLE);

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        NativeCache.prepare();
        Map<String, String> versions = Versions.all();
        line("keeplora", "%s", versions.get("keeplora4j"));
        line("java", "%s, %s", versions.get("java"), System.getProperty("java.vm.name"));
        int cores = Runtime.getRuntime().availableProcessors();
        line("machine", "%s, %d cores, %s", versions.get("os"), cores, memory());
        line("libraries", "javacpp %s, libtorch %s", versions.get("javacpp"), versions.get("libtorch"));
        VARIABLES.forEach(
                name -> line("environment", "%s=%s", name, System.getenv().getOrDefault(name, "(not set)")));
        boolean right = true;
        for (BackendReport backend : Linalg.backends()) {
            backend.facts().forEach(fact -> line(backend.name(), "%s", fact));
            backend.obstacles().forEach(obstacle -> line(backend.name(), "not usable: %s", obstacle));
            if (backend.obstacles().isEmpty()) {
                right &= tried(BackendChoice.valueOf(backend.name().toUpperCase(Locale.ROOT)), cores);
            }
        }
        CudaLibrary.findings(InstalledLibraries.ofThisMachine())
                .forEach(finding -> line("cuda files", "for device cuda, %s", finding));
        boolean loaded = libtorch();
        try (Linalg chosen = Linalg.open(BackendSetting.of(BackendChoice.AUTO), cores)) {
            line("chosen", "%s", chosen.backend());
        }
        if (!loaded) {
            return Main.USER_ERROR;
        }
        return right ? Main.OK : Main.PROGRAM_ERROR;
    }

    /** False if libtorch itself cannot be loaded, as its GPU build where a library is missing. */
    private boolean libtorch() {
        try {
            Libtorch.files().forEach(file -> line("libtorch", "%s", file));
            line(
                    "libtorch",
                    "device cuda: %s",
                    TorchDevice.CUDA
                            .obstacle()
                            .map(reason -> "not usable: " + reason)
                            .orElse("usable"));
            return true;
        } catch (LinkageError e) {
            line("libtorch", "not usable: %s", e.getMessage());
            return false;
        }
    }

    private boolean tried(BackendChoice choice, int cores) {
        try (BatchLinalg linalg = BatchLinalg.open(choice, cores)) {
            SelfTest test = SelfTest.run(linalg, SECONDS);
            line(
                    choice.name().toLowerCase(Locale.ROOT),
                    "self-test %s: projection of 768 x 768, k = 300, %d times, median %.3f ms, %.0f GFLOP/s; left inside %.1e",
                    test.passed() ? "passed" : "FAILED",
                    test.shots(),
                    test.medianMillis(),
                    test.gigaflops(),
                    test.leftInside());
            return test.passed();
        }
    }

    private static String memory() {
        long machine =
                ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean os
                        ? os.getTotalMemorySize()
                        : 0;
        return String.format(
                Locale.ROOT,
                "%.1f GiB memory, of which Java may use %.1f and native code %.1f",
                gib(machine),
                gib(Runtime.getRuntime().maxMemory()),
                gib(Pointer.maxPhysicalBytes()));
    }

    private static double gib(long bytes) {
        return bytes / (double) (1L << 30);
    }

    private void line(String about, String message, Object... values) {
        spec.commandLine()
                .getOut()
                .printf(Locale.ROOT, "%-12s %s%n", about, String.format(Locale.ROOT, message, values));
    }
}
