/* Eigen-decompositions of symmetric matrices: a = V * diag(w) * Vᵀ, eigenvalues ascending, V in the place of a. */
#include "cusolver/cusolver.h"

using namespace emulated;

namespace {

/* `batch` matrices a [n x n], lda * n elements apart, and w [n], n elements apart. */
struct Eigen {
    int jobz;
    int uplo;
    int64_t n;
    void* a;
    int64_t lda;
    void* w;
    size_t element;
    int64_t batch;
};

/* Grows with every argument, so that a workspace of other arguments is noticed. */
int64_t workElements(const Eigen& e) {
    return 2 * e.n * e.n + e.batch * (6 * e.n + 1) + (e.jobz == VECTORS ? e.n : 0);
}

size_t hostBytes(const Eigen& e) {
    return size_t(64 + 8 * e.n + 4 * e.batch);
}

void checkShape(Call& call, const Eigen& e) {
    checkChoice(call, "jobz", e.jobz, VECTORS);
    checkChoice(call, "uplo", e.uplo, UPPER);
    checkOrder(call, "n", e.n);
    checkOrder(call, "batchSize", e.batch);
    call.require(e.lda >= e.n, "lda is %lld but n is %lld", (long long)e.lda, (long long)e.n);
}

void checkOperands(Call& call, const Eigen& e, const int* info) {
    checkShape(call, e);
    checkSolverMatrix(call, "A", e.a, e.n, (e.batch - 1) * e.n + e.n, e.lda, e.element);
    call.device("W", e.w, size_t(e.n * e.batch) * e.element, e.element);
    checkInfo(call, info, e.batch);
}

template <class T>
int decompose(const Lapack<T>& routine, const Eigen& e, T* a, T* w) {
    const char *jobz = e.jobz == VECTORS ? "V" : "N", *uplo = e.uplo == LOWER ? "L" : "U";
    int n = int(e.n), lda = int(e.lda), query = -1, info = 0, integers = 0;
    T size = 0;
    routine.syevd(jobz, uplo, &n, a, &lda, w, &size, &query, &integers, &query, &info, 1, 1);
    int lwork = int(size);
    std::vector<T> work(static_cast<size_t>(lwork));
    std::vector<int> iwork(static_cast<size_t>(integers));
    routine.syevd(jobz, uplo, &n, a, &lda, w, work.data(), &lwork, iwork.data(), &integers, &info, 1, 1);
    if (e.jobz == NO_VECTORS) destroyMatrix(a, n, n, lda, sizeof(T));
    return info;
}

template <class T>
void enqueueAll(Call& call, const SolverHandle& handle, const Eigen& e, int* info) {
    const Lapack<T>& routine = routines<T>(call);
    call.enqueue(handle.stream, [&routine, e, info](Call&) {
        for (int64_t i = 0; i < e.batch; i++) {
            info[i] = decompose(routine, e, static_cast<T*>(e.a) + i * e.lda * e.n, static_cast<T*>(e.w) + i * e.n);
        }
    });
}

/* The functions for any type are emulated where all their types are one. */
size_t elementOf(Call& call, int typeA, int typeW, int computeType) {
    if (typeA != typeW || typeA != computeType || (typeA != CUDA_R_32F && typeA != CUDA_R_64F)) {
        call.unsupported(SOLVER_NOT_SUPPORTED, "types %d, %d, %d of A, W and the computation", typeA, typeW, computeType);
    }
    return typeA == CUDA_R_64F ? sizeof(double) : sizeof(float);
}

struct Buffers {
    void* device;
    size_t deviceBytes;
    void* host;
    size_t hostBytes;
};

int sizes(const char* function, void* handle, void* params, const int* types, Eigen e, size_t* device, size_t* host) {
    return solverCall(function, handle, [&](Call& call, SolverHandle&) {
        checkHandle(call, HandleKind::CUSOLVER_PARAMS, params);
        e.element = elementOf(call, types[0], types[1], types[2]);
        checkShape(call, e);
        call.host("workspaceInBytesOnDevice", device);
        call.host("workspaceInBytesOnHost", host);
        *device = size_t(workElements(e)) * e.element;
        *host = hostBytes(e);
    });
}

int anyType(const char* function, void* handle, void* params, const int* types, Eigen e, const Buffers& buffers, int* info) {
    return solverCall(function, handle, [&](Call& call, SolverHandle& state) {
        checkHandle(call, HandleKind::CUSOLVER_PARAMS, params);
        e.element = elementOf(call, types[0], types[1], types[2]);
        checkOperands(call, e, info);
        auto given = int64_t(buffers.deviceBytes / e.element);
        enterWorkspace(call, state, buffers.device, given, workElements(e), e.element);
        enterHostWorkspace(call, buffers.host, buffers.hostBytes, hostBytes(e));
        if (e.element == sizeof(double)) {
            enqueueAll<double>(call, state, e, info);
        } else {
            enqueueAll<float>(call, state, e, info);
        }
    });
}

/* The order of unsorted eigenvalues is not defined; descending is the one that nobody who forgot to sort expects. */
void reverse(const Eigen& e) {
    for (int64_t b = 0; b < e.batch; b++) {
        double *w = static_cast<double*>(e.w) + b * e.n, *a = static_cast<double*>(e.a) + b * e.lda * e.n;
        std::reverse(w, w + e.n);
        for (int64_t j = 0; j < e.n / 2; j++) std::swap_ranges(a + j * e.lda, a + j * e.lda + e.n, a + (e.n - 1 - j) * e.lda);
    }
}

}  // namespace

extern "C" {

int cusolverDnXsyevd_bufferSize(void* handle, void* params, int jobz, int uplo, int64_t n, int typeA, const void*, int64_t lda, int typeW,
                                const void*, int computeType, size_t* device, size_t* host) {
    const int types[] = {typeA, typeW, computeType};
    return sizes(__func__, handle, params, types, {jobz, uplo, n, nullptr, lda, nullptr, 0, 1}, device, host);
}

int cusolverDnXsyevd(void* handle, void* params, int jobz, int uplo, int64_t n, int typeA, void* a, int64_t lda, int typeW, void* w,
                     int computeType, void* device, size_t deviceBytes, void* host, size_t hostBytes, int* info) {
    const int types[] = {typeA, typeW, computeType};
    return anyType(__func__, handle, params, types, {jobz, uplo, n, a, lda, w, 0, 1}, {device, deviceBytes, host, hostBytes}, info);
}

int cusolverDnXsyevBatched_bufferSize(void* handle, void* params, int jobz, int uplo, int64_t n, int typeA, const void*, int64_t lda, int typeW,
                                      const void*, int computeType, size_t* device, size_t* host, int64_t batch) {
    const int types[] = {typeA, typeW, computeType};
    return sizes(__func__, handle, params, types, {jobz, uplo, n, nullptr, lda, nullptr, 0, batch}, device, host);
}

int cusolverDnXsyevBatched(void* handle, void* params, int jobz, int uplo, int64_t n, int typeA, void* a, int64_t lda, int typeW, void* w,
                           int computeType, void* device, size_t deviceBytes, void* host, size_t hostBytes, int* info, int64_t batch) {
    const int types[] = {typeA, typeW, computeType};
    return anyType(__func__, handle, params, types, {jobz, uplo, n, a, lda, w, 0, batch}, {device, deviceBytes, host, hostBytes}, info);
}

int cusolverDnDsyevd_bufferSize(void* handle, int jobz, int uplo, int n, const double*, int lda, const double*, int* lwork) {
    return solverCall(__func__, handle, [&](Call& call, SolverHandle&) {
        Eigen e{jobz, uplo, n, nullptr, lda, nullptr, sizeof(double), 1};
        checkShape(call, e);
        call.host("lwork", lwork);
        *lwork = int(workElements(e));
    });
}

int cusolverDnDsyevd(void* handle, int jobz, int uplo, int n, double* a, int lda, double* w, double* work, int lwork, int* info) {
    return solverCall(__func__, handle, [&](Call& call, SolverHandle& state) {
        Eigen e{jobz, uplo, n, a, lda, w, sizeof(double), 1};
        checkOperands(call, e, info);
        enterWorkspace(call, state, work, lwork, workElements(e), sizeof(double));
        enqueueAll<double>(call, state, e, info);
    });
}

int cusolverDnDsyevjBatched_bufferSize(void* handle, int jobz, int uplo, int n, const double*, int lda, const double*, int* lwork, void* params,
                                       int batch) {
    return solverCall(__func__, handle, [&](Call& call, SolverHandle&) {
        checkHandle(call, HandleKind::SYEVJ_INFO, params);
        Eigen e{jobz, uplo, n, nullptr, lda, nullptr, sizeof(double), batch};
        checkShape(call, e);
        call.host("lwork", lwork);
        *lwork = int(workElements(e));
    });
}

int cusolverDnDsyevjBatched(void* handle, int jobz, int uplo, int n, double* a, int lda, double* w, double* work, int lwork, int* info,
                            void* params, int batch) {
    return solverCall(__func__, handle, [&](Call& call, SolverHandle& state) {
        checkHandle(call, HandleKind::SYEVJ_INFO, params);
        Eigen e{jobz, uplo, n, a, lda, w, sizeof(double), batch};
        checkOperands(call, e, info);
        enterWorkspace(call, state, work, lwork, workElements(e), sizeof(double));
        enqueueAll<double>(call, state, e, info);
        if (!syevjState(params).sorted) call.enqueue(state.stream, [e](Call&) { reverse(e); });
    });
}

}
