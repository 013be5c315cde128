package org.keeplora.engine;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.bytedeco.cuda.cudart.cudaDeviceProp;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.cusolver;
import org.bytedeco.javacpp.IntPointer;
import org.keeplora.engine.internal.LoadedLibraries;

/**
 * Tests whether CUDA works. It ends the process where an installed library lacks a symbol, so it runs in a process of
 * its own, unless that has been survived before. Writes a line {@code step} before each step, a line {@code fact} for
 * each finding, and {@code obstacle} at the first obstacle. {@code usable} at the end means that there is none.
 * {@link CudaSurvey} reads the lines.
 */
final class CudaProbe {
    static final String STEP = "step ";
    static final String FACT = "fact ";
    static final String OBSTACLE = "obstacle ";
    static final String USABLE = "usable";

    private final Consumer<String> lines;

    CudaProbe(Consumer<String> lines) {
        this.lines = lines;
    }

    /** Runs all steps; takes no arguments. */
    public static void main(String[] arguments) {
        new CudaProbe(System.out::println).run();
    }

    void run() {
        try {
            runtime();
            step("cuBLAS");
            fact("cuBLAS " + version("cublasGetVersion", into -> cublasVersion(into)));
            step("cuSOLVER");
            fact("cuSOLVER " + version("cusolverGetVersion", into -> cusolver.cusolverGetVersion(into)));
            step("our kernels");
            CudaKlr.load();
            fact(CudaKlr.onDevice() == 1 ? "our kernels for the GPU" : CudaSurvey.EMULATED);
            step("a first operation");
            selfTest();
            LoadedLibraries.of(List.of("libcuda.", "libcudart.", "libcublas", "libcusolver."))
                    .forEach(this::fact);
            lines.accept(USABLE);
        } catch (LinkageError | RuntimeException e) {
            obstacle(reason(e));
        } catch (OutOfMemoryError e) {
            obstacle(JavaCppMemory.advice(e));
        }
    }

    /** The message of the first cause, which names the missing library. */
    private static String reason(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof UnsatisfiedLinkError) {
            return "cannot be loaded (" + message + ")";
        }
        return cause instanceof LinkageError ? "is not on the class path (" + message + ")" : message;
    }

    private void runtime() {
        step("the CUDA runtime library");
        version("cudaGetDeviceCount", cudart::cudaGetDeviceCount); // fails without a device
        fact("driver for CUDA " + dotted(version("cudaDriverGetVersion", cudart::cudaDriverGetVersion)));
        fact("runtime of CUDA " + dotted(version("cudaRuntimeGetVersion", cudart::cudaRuntimeGetVersion)));
        try (cudaDeviceProp properties = new cudaDeviceProp()) {
            Cuda.check("cudaGetDeviceProperties", cudart.cudaGetDeviceProperties(properties, 0));
            fact(String.format(
                    Locale.ROOT,
                    "%s, compute capability %d.%d, %d MiB",
                    properties.name().getString(),
                    properties.major(),
                    properties.minor(),
                    properties.totalGlobalMem() >> 20));
        }
    }

    private static int cublasVersion(IntPointer into) {
        int[] status = new int[1];
        try (Cuda cuda = Cuda.open(OptionalLong.empty(), 0)) {
            status[0] = cublas.cublasGetVersion_v2(cuda.blas(), into);
        }
        return status[0];
    }

    private static void selfTest() {
        try (LinalgKernels kernels =
                        new CudaKernels(1, CudaSettings.of(CudaKlr.onDevice() == 0, OptionalLong.empty()));
                Matrix one = kernels.uninitialized(2, 2, ElementType.F32).cleared()) {
            double largest = one.type().largest();
            int finite = kernels.firstBeyond(List.of(new OperandCheck.Values("zeros", one, largest)));
            if (finite != 1) {
                throw new IllegalStateException("the kernels report a number that is not finite in a matrix of zeros");
            }
        }
    }

    private interface Query {
        int into(IntPointer value);
    }

    private static int version(String function, Query query) {
        try (IntPointer value = new IntPointer(1)) {
            Cuda.check(function, query.into(value));
            return value.get();
        }
    }

    private static String dotted(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }

    private void step(String what) {
        lines.accept(STEP + what);
    }

    private void obstacle(String reason) {
        lines.accept(OBSTACLE + reason.replace('\n', ' '));
    }

    private void fact(String what) {
        lines.accept(FACT + what);
    }
}
