package org.keeplora.engine;

import java.util.OptionalLong;
import java.util.function.Function;

/** What may solve the symmetric eigenproblems of the CUDA backend. */
public enum EigenSolver {
    /** {@code cusolverDnXsyevBatched}, all matrices in one call: what the backend uses. */
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
     * The CUDA backend with this solver.
     *
     * @throws BackendUnavailable where there is no GPU to use
     */
    public Linalg open(int threads) {
        CudaSurvey survey = CudaSurvey.ofThisMachine();
        if (!survey.obstacles().isEmpty()) {
            throw new BackendUnavailable("cuda", survey.obstacles());
        }
        CudaSettings settings = CudaSettings.of(survey.emulated(), OptionalLong.empty());
        return new Linalg(new CudaKernels(threads, settings.with(solver)));
    }
}
