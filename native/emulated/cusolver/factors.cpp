/* QR by Householder reflections, and Cholesky. In double, as the backend needs them. */
#include "cusolver/cusolver.h"

#include <limits>

using namespace emulated;

namespace {

enum { LEFT = 0, RIGHT = 1 };
enum { OP_N = 0, OP_T = 1 };

constexpr size_t ELEMENT = sizeof(double);

int64_t qrElements(int64_t m, int64_t n) {
    return 32 * n + m;
}

void checkVector(Call& call, const char* name, const double* pointer, int64_t n) {
    call.device(name, pointer, size_t(n) * ELEMENT, ELEMENT);
}

void checkTall(Call& call, int m, int n, int k, int lda) {
    checkOrder(call, "m", m);
    checkOrder(call, "n", n);
    checkOrder(call, "k", k);
    call.require(m >= n && n >= k, "m = %d, n = %d, k = %d, but m >= n >= k is required", m, n, k);
    call.require(lda >= m, "lda is %d but m is %d", lda, m);
}

/* Calls a LAPACK routine, given as a function of work and lwork, with the workspace that it asks for. */
template <class Routine>
void withWorkspace(Routine routine) {
    double size = 0;
    routine(&size, -1);
    std::vector<double> work(std::max<size_t>(1, size_t(size)));
    routine(work.data(), int(work.size()));
}

/* q, given by k reflections, from the left on c [m x n], or from the right. */
struct Reflections {
    int side;
    int trans;
    int m;
    int n;
    int k;
    double* a;
    int lda;

    int order() const { return side == LEFT ? m : n; }
    int64_t elements() const { return 32 * int64_t(side == LEFT ? n : m) + k; }
};

void checkReflections(Call& call, const Reflections& r, int ldc) {
    checkChoice(call, "side", r.side, RIGHT);
    checkChoice(call, "trans", r.trans, OP_T);
    checkOrder(call, "m", r.m);
    checkOrder(call, "n", r.n);
    checkOrder(call, "k", r.k);
    call.require(r.k <= r.order(), "k is %d but the reflections have %d elements", r.k, r.order());
    call.require(r.lda >= r.order() && ldc >= r.m, "lda is %d, ldc is %d, but %d and %d rows are to be held", r.lda, ldc, r.order(), r.m);
}

void checkCholesky(Call& call, int uplo, int n, int lda) {
    checkChoice(call, "uplo", uplo, UPPER);
    checkOrder(call, "n", n);
    call.require(lda >= n, "lda is %d but n is %d", lda, n);
}

int64_t choleskyElements(int n) {
    return 64 + 2 * int64_t(n);
}

int cholesky(const Lapack<double>& routine, int uplo, int n, double* a, int lda) {
    int status = 0;
    routine.potrf(uplo == LOWER ? "L" : "U", &n, a, &lda, &status, 1);
    return status;
}

/* The batched function uses the triangle that holds no factor as a workspace. */
void destroyOtherTriangle(int uplo, int n, double* a, int lda) {
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < n; i++) {
            if (uplo == LOWER ? i < j : i > j) a[i + int64_t(j) * lda] = std::numeric_limits<double>::quiet_NaN();
        }
    }
}

}  // namespace

extern "C" {

int cusolverDnDgeqrf_bufferSize(void* handle, int m, int n, double*, int lda, int* lwork) {
    return solverCall(__func__, handle, [&](Call& call, SolverHandle&) {
        checkOrder(call, "m", m);
        checkOrder(call, "n", n);
        call.require(lda >= m, "lda is %d but m is %d", lda, m);
        call.host("lwork", lwork);
        *lwork = int(qrElements(m, n));
    });
}

int cusolverDnDgeqrf(void* handle, int m, int n, double* a, int lda, double* tau, double* work, int lwork, int* info) {
    return solverCall(__func__, handle, [&](Call& call, SolverHandle& state) {
        checkSolverMatrix(call, "A", a, m, n, lda, ELEMENT);
        checkVector(call, "tau", tau, std::min(m, n));
        checkInfo(call, info, 1);
        enterWorkspace(call, state, work, lwork, qrElements(m, n), ELEMENT);
        auto routine = routines<double>(call).geqrf;
        call.enqueue(state.stream, [=](Call&) {
            withWorkspace([&](double* space, int size) { routine(&m, &n, a, &lda, tau, space, &size, info); });
        });
    });
}

int cusolverDnDorgqr_bufferSize(void* handle, int m, int n, int k, const double*, int lda, const double*, int* lwork) {
    return solverCall(__func__, handle, [&](Call& call, SolverHandle&) {
        checkTall(call, m, n, k, lda);
        call.host("lwork", lwork);
        *lwork = int(qrElements(m, n) + k);
    });
}

int cusolverDnDorgqr(void* handle, int m, int n, int k, double* a, int lda, const double* tau, double* work, int lwork, int* info) {
    return solverCall(__func__, handle, [&](Call& call, SolverHandle& state) {
        checkTall(call, m, n, k, lda);
        checkSolverMatrix(call, "A", a, m, n, lda, ELEMENT);
        checkVector(call, "tau", tau, k);
        checkInfo(call, info, 1);
        enterWorkspace(call, state, work, lwork, qrElements(m, n) + k, ELEMENT);
        auto routine = routines<double>(call).orgqr;
        call.enqueue(state.stream, [=](Call&) {
            withWorkspace([&](double* space, int size) { routine(&m, &n, &k, a, &lda, tau, space, &size, info); });
        });
    });
}

int cusolverDnDormqr_bufferSize(void* handle, int side, int trans, int m, int n, int k, const double*, int lda, const double*, const double*,
                                int ldc, int* lwork) {
    return solverCall(__func__, handle, [&](Call& call, SolverHandle&) {
        Reflections r{side, trans, m, n, k, nullptr, lda};
        checkReflections(call, r, ldc);
        call.host("lwork", lwork);
        *lwork = int(r.elements());
    });
}

int cusolverDnDormqr(void* handle, int side, int trans, int m, int n, int k, const double* a, int lda, const double* tau, double* c, int ldc,
                     double* work, int lwork, int* info) {
    return solverCall(__func__, handle, [&](Call& call, SolverHandle& state) {
        Reflections r{side, trans, m, n, k, const_cast<double*>(a), lda};
        checkReflections(call, r, ldc);
        checkSolverMatrix(call, "A", a, r.order(), k, lda, ELEMENT);
        checkSolverMatrix(call, "C", c, m, n, ldc, ELEMENT);
        checkVector(call, "tau", tau, k);
        checkInfo(call, info, 1);
        enterWorkspace(call, state, work, lwork, r.elements(), ELEMENT);
        auto routine = routines<double>(call).ormqr;
        call.enqueue(state.stream, [=](Call&) {
            withWorkspace([&](double* space, int size) {
                const char *from = side == LEFT ? "L" : "R", *op = trans == OP_N ? "N" : "T";
                routine(from, op, &m, &n, &k, r.a, &lda, tau, c, &ldc, space, &size, info, 1, 1);
            });
        });
    });
}

int cusolverDnDpotrf_bufferSize(void* handle, int uplo, int n, double*, int lda, int* lwork) {
    return solverCall(__func__, handle, [&](Call& call, SolverHandle&) {
        checkCholesky(call, uplo, n, lda);
        call.host("lwork", lwork);
        *lwork = int(choleskyElements(n));
    });
}

int cusolverDnDpotrf(void* handle, int uplo, int n, double* a, int lda, double* work, int lwork, int* info) {
    return solverCall(__func__, handle, [&](Call& call, SolverHandle& state) {
        checkCholesky(call, uplo, n, lda);
        checkSolverMatrix(call, "A", a, n, n, lda, ELEMENT);
        checkInfo(call, info, 1);
        enterWorkspace(call, state, work, lwork, choleskyElements(n), ELEMENT);
        const Lapack<double>& routine = routines<double>(call);
        call.enqueue(state.stream, [=, &routine](Call&) { *info = cholesky(routine, uplo, n, a, lda); });
    });
}

int cusolverDnDpotrfBatched(void* handle, int uplo, int n, double** a, int lda, int* info, int batch) {
    return solverCall(__func__, handle, [&](Call& call, SolverHandle& state) {
        checkCholesky(call, uplo, n, lda);
        checkOrder(call, "batchSize", batch);
        call.device("Aarray", a, size_t(batch) * sizeof(void*), sizeof(void*));
        checkInfo(call, info, batch);
        const Lapack<double>& routine = routines<double>(call);
        call.enqueue(state.stream, [=, &routine](Call& late) {
            for (int i = 0; i < batch; i++) checkSolverMatrix(late, "A", a[i], n, n, lda, ELEMENT);
            for (int i = 0; i < batch; i++) {
                info[i] = cholesky(routine, uplo, n, a[i], lda);
                destroyOtherTriangle(uplo, n, a[i], lda);
            }
        });
    });
}

}
