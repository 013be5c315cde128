/* Singular value decompositions: a = U * diag(s) * Vᵀ, singular values descending; a is destroyed. As the real ones, for m >= n only. */
#include "cusolver/cusolver.h"

using namespace emulated;

namespace {

struct Svd {
    signed char jobu;
    signed char jobvt;
    int64_t m;
    int64_t n;
    void* a; /* [m x n] */
    int64_t lda;
    void* s; /* [n] */
    void* u; /* [m x m] for 'A', [m x n] for 'S' */
    int64_t ldu;
    void* vt; /* [n x n] for 'A' and 'S' */
    int64_t ldvt;
};

int64_t workElements(int64_t m, int64_t n) {
    return 3 * n + std::max(m, 2 * n) + n * n;
}

size_t hostBytes(int64_t m, int64_t n) {
    return size_t(64 + 8 * (m + n));
}

void checkShape(Call& call, int64_t m, int64_t n) {
    checkOrder(call, "m", m);
    checkOrder(call, "n", n);
    call.require(m >= n, "m is %lld and n is %lld, but m >= n is required", (long long)m, (long long)n);
}

bool stored(signed char job) {
    return job == 'A' || job == 'S';
}

void checkJob(Call& call, const char* name, signed char job) {
    call.require(stored(job) || job == 'O' || job == 'N', "%s is %d, not one of A, S, O, N", name, job);
}

void checkOperands(Call& call, const Svd& d, size_t element, const int* info) {
    checkShape(call, d.m, d.n);
    checkJob(call, "jobu", d.jobu);
    checkJob(call, "jobvt", d.jobvt);
    call.require(d.jobu != 'O' || d.jobvt != 'O', "jobu and jobvt are both O");
    checkSolverMatrix(call, "A", d.a, d.m, d.n, d.lda, element);
    call.device("S", d.s, size_t(d.n) * element, element);
    if (stored(d.jobu)) checkSolverMatrix(call, "U", d.u, d.m, d.jobu == 'A' ? d.m : d.n, d.ldu, element);
    if (stored(d.jobvt)) checkSolverMatrix(call, "VT", d.vt, d.n, d.n, d.ldvt, element);
    call.require(d.ldu >= 1 && d.ldvt >= 1, "ldu is %lld, ldvt is %lld", (long long)d.ldu, (long long)d.ldvt);
    checkInfo(call, info, 1);
}

template <class T>
void decompose(const Lapack<T>& routine, const Svd& d, int* info) {
    const char jobu = char(d.jobu), jobvt = char(d.jobvt);
    int m = int(d.m), n = int(d.n), lda = int(d.lda), ldu = int(std::max(d.ldu, d.m)), ldvt = int(std::max(d.ldvt, d.n)), query = -1, status = 0;
    T *a = static_cast<T*>(d.a), *s = static_cast<T*>(d.s), unused = 0, size = 0;
    T *u = stored(d.jobu) ? static_cast<T*>(d.u) : &unused, *vt = stored(d.jobvt) ? static_cast<T*>(d.vt) : &unused;
    routine.gesvd(&jobu, &jobvt, &m, &n, a, &lda, s, u, &ldu, vt, &ldvt, &size, &query, &status, 1, 1);
    int lwork = int(size);
    std::vector<T> work(static_cast<size_t>(lwork));
    routine.gesvd(&jobu, &jobvt, &m, &n, a, &lda, s, u, &ldu, vt, &ldvt, work.data(), &lwork, &status, 1, 1);
    if (jobu != 'O' && jobvt != 'O') destroyMatrix(a, m, n, lda, sizeof(T));
    *info = status;
}

template <class T>
void enqueue(Call& call, const SolverHandle& handle, const Svd& d, int* info) {
    const Lapack<T>& routine = routines<T>(call);
    call.enqueue(handle.stream, [&routine, d, info](Call&) { decompose(routine, d, info); });
}

int size(const char* function, void* handle, int m, int n, int* lwork) {
    return solverCall(function, handle, [&](Call& call, SolverHandle&) {
        checkShape(call, m, n);
        call.host("lwork", lwork);
        *lwork = int(workElements(m, n));
    });
}

template <class T>
int typed(const char* function, void* handle, const Svd& d, T* work, int lwork, const T* rwork, int* info) {
    return solverCall(function, handle, [&](Call& call, SolverHandle& state) {
        checkOperands(call, d, sizeof(T), info);
        if (rwork != nullptr) call.device("rwork", rwork, size_t(d.n - 1) * sizeof(T), sizeof(T));
        enterWorkspace(call, state, work, lwork, workElements(d.m, d.n), sizeof(T));
        enqueue<T>(call, state, d, info);
    });
}

/* The function for any type is emulated where all its types are one. */
size_t elementOf(Call& call, const int* types) {
    for (int i = 1; i < 5; i++) {
        if (types[i] != types[0]) call.unsupported(SOLVER_NOT_SUPPORTED, "type %d of A with type %d of another operand", types[0], types[i]);
    }
    if (types[0] != CUDA_R_32F && types[0] != CUDA_R_64F) call.unsupported(SOLVER_NOT_SUPPORTED, "type %d", types[0]);
    return types[0] == CUDA_R_64F ? sizeof(double) : sizeof(float);
}

}  // namespace

extern "C" {

int cusolverDnSgesvd_bufferSize(void* handle, int m, int n, int* lwork) {
    return size(__func__, handle, m, n, lwork);
}

int cusolverDnDgesvd_bufferSize(void* handle, int m, int n, int* lwork) {
    return size(__func__, handle, m, n, lwork);
}

int cusolverDnSgesvd(void* handle, signed char jobu, signed char jobvt, int m, int n, float* a, int lda, float* s, float* u, int ldu, float* vt,
                     int ldvt, float* work, int lwork, float* rwork, int* info) {
    return typed(__func__, handle, {jobu, jobvt, m, n, a, lda, s, u, ldu, vt, ldvt}, work, lwork, rwork, info);
}

int cusolverDnDgesvd(void* handle, signed char jobu, signed char jobvt, int m, int n, double* a, int lda, double* s, double* u, int ldu,
                     double* vt, int ldvt, double* work, int lwork, double* rwork, int* info) {
    return typed(__func__, handle, {jobu, jobvt, m, n, a, lda, s, u, ldu, vt, ldvt}, work, lwork, rwork, info);
}

int cusolverDnXgesvd_bufferSize(void* handle, void* params, signed char jobu, signed char jobvt, int64_t m, int64_t n, int typeA, const void*,
                                int64_t lda, int typeS, const void*, int typeU, const void*, int64_t, int typeVT, const void*, int64_t,
                                int computeType, size_t* device, size_t* host) {
    return solverCall(__func__, handle, [&](Call& call, SolverHandle&) {
        checkHandle(call, HandleKind::CUSOLVER_PARAMS, params);
        const int types[] = {typeA, typeS, typeU, typeVT, computeType};
        size_t element = elementOf(call, types);
        checkShape(call, m, n);
        checkJob(call, "jobu", jobu);
        checkJob(call, "jobvt", jobvt);
        call.require(lda >= m, "lda is %lld but m is %lld", (long long)lda, (long long)m);
        call.host("workspaceInBytesOnDevice", device);
        call.host("workspaceInBytesOnHost", host);
        *device = size_t(workElements(m, n)) * element;
        *host = hostBytes(m, n);
    });
}

int cusolverDnXgesvd(void* handle, void* params, signed char jobu, signed char jobvt, int64_t m, int64_t n, int typeA, void* a, int64_t lda,
                     int typeS, void* s, int typeU, void* u, int64_t ldu, int typeVT, void* vt, int64_t ldvt, int computeType, void* device,
                     size_t deviceBytes, void* host, size_t bytesOnHost, int* info) {
    return solverCall(__func__, handle, [&](Call& call, SolverHandle& state) {
        checkHandle(call, HandleKind::CUSOLVER_PARAMS, params);
        const int types[] = {typeA, typeS, typeU, typeVT, computeType};
        size_t element = elementOf(call, types);
        Svd d{jobu, jobvt, m, n, a, lda, s, u, ldu, vt, ldvt};
        checkOperands(call, d, element, info);
        enterWorkspace(call, state, device, int64_t(deviceBytes / element), workElements(m, n), element);
        enterHostWorkspace(call, host, bytesOnHost, hostBytes(m, n));
        if (element == sizeof(double)) {
            enqueue<double>(call, state, d, info);
        } else {
            enqueue<float>(call, state, d, info);
        }
    });
}

}
