package org.keeplora.cli;

import java.util.ArrayList;
import java.util.List;
import org.keeplora.engine.internal.InstalledLibraries;

/**
 * A library of NVIDIA's that {@code device: cuda} needs beyond the jars, and what brings it. The files are what {@code
 * readelf -d} lists for libtorch 2.10's GPU build (libtorch_cuda, libtorch_cpu, libtorch_cuda_linalg) and for what that
 * needs, and NVRTC, which is loaded when it is first used. The table in {@code cuda.md} is the same, which a test
 * compares.
 */
enum CudaLibrary {
    DRIVER("libcuda.so.1", "NVIDIA's driver", true),
    RUNTIME("libcudart.so.13", "cuda-cudart-13-1", true),
    BLAS("libcublas.so.13", "libcublas-13-1", true),
    BLAS_LT("libcublasLt.so.13", "libcublas-13-1", true),
    SOLVER("libcusolver.so.12", "libcusolver-13-1", true),
    SPARSE("libcusparse.so.12", "libcusparse-13-1", true),
    LINKER("libnvJitLink.so.13", "libnvjitlink-13-1", true),
    FFT("libcufft.so.12", "libcufft-13-1", false),
    RANDOM("libcurand.so.10", "libcurand-13-1", false),
    FILE("libcufile.so.0", "libcufile-13-1", false),
    COMPILER("libnvrtc.so.13", "cuda-nvrtc-13-1", false),
    PROFILER("libcupti.so.13", "cuda-cupti-13-1", false),
    NETWORKS("libcudnn.so.9", "libcudnn9-cuda-13", false),
    COLLECTIVES("libnccl.so.2", "libnccl2", false);

    private final String file;
    private final String bringer;
    private final boolean linearAlgebra;

    CudaLibrary(String file, String bringer, boolean linearAlgebra) {
        this.file = file;
        this.bringer = bringer;
        this.linearAlgebra = linearAlgebra;
    }

    /** Name of the file that the dynamic linker looks for. */
    String file() {
        return file;
    }

    /** The Debian package of NVIDIA's that brings it, of CUDA 13.1 where there is one for each version. */
    String bringer() {
        return bringer;
    }

    /** Whether {@code backend: cuda} needs it too. */
    boolean isForLinearAlgebra() {
        return linearAlgebra;
    }

    /** What {@code doctor} says: a line of those found, with their paths, and one of those that are not. */
    static List<String> findings(InstalledLibraries installed) {
        List<String> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (CudaLibrary library : values()) {
            installed
                    .find(library.file)
                    .ifPresentOrElse(
                            path -> found.add(path.toString()),
                            () -> missing.add(library.file + " (" + library.bringer + ")"));
        }
        List<String> lines = new ArrayList<>();
        if (!found.isEmpty()) {
            lines.add("found: " + String.join(", ", found));
        }
        if (!missing.isEmpty()) {
            lines.add("not found (what brings it): " + String.join(", ", missing));
        }
        return lines;
    }
}
