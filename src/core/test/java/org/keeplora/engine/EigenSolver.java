package org.keeplora.engine;

import java.util.OptionalLong;
import java.util.function.Function;
import org.keeplora.engine.internal.BatchLinalg;

/** The cuSOLVER methods to compare for the symmetric eigenproblems of the CUDA backend. */
public enum EigenSolver {
    /** {@code cusolverDnXsyevBatched}, all matrices in one call; the backend uses this one. */
    XSYEV_BATCHED(CudaXsyevBatched::new),
    /** {@code cusolverDnDsyevjBatched}: one-sided Jacobi rotations, all matrices in one call. */
    SYEVJ_BATCHED(SyevjBatched::new),
    /** {@code cusolverDnXsyevd}: divide and conquer, one matrix after the other. */
    XSYEVD(XsyevdEach::new);

    private final Function<Cuda, CudaEigenSolver> solver;

    EigenSolver(Function<Cuda, CudaEigenSolver> solver) {
        this.solver = solver;
    }

    /**
     * Opens the CUDA backend with this solver.
     *
     * @throws BackendUnavailable if there is no usable GPU
     */
    public BatchLinalg open(int threads) {
        CudaSurvey survey = CudaSurvey.ofThisMachine();
        if (!survey.obstacles().isEmpty()) {
            throw new BackendUnavailable("cuda", survey.obstacles());
        }
        CudaSettings settings = CudaSettings.of(survey.emulated(), OptionalLong.empty());
        return new CheckedLinalg(new CudaKernels(threads, settings.with(solver)));
    }
}
