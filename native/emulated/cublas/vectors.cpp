/* Vectors, and the sums and scalings of matrices that go element by element. */
#include "cublas/cublas.h"

#include <cmath>

using namespace emulated;

namespace {

/* In double and by hypot, so that no square overflows. Waits where the result goes to the host. */
template <class T>
int nrm2(const char* function, void* handle, int n, const T* x, int incx, T* result) {
    return blasCall(function, handle, [&](Call& call, BlasHandle& state) {
        checkScalar(call, state, "result", result, sizeof(T));
        int64_t elements = incx > 0 ? n : 0;
        checkVector(call, "x", x, elements, incx, sizeof(T));
        call.enqueue(state.stream, [=](Call&) {
            double norm = 0;
            for (int64_t i = 0; i < elements; i++) norm = std::hypot(norm, double(x[i * incx]));
            *result = T(norm);
        });
        if (state.pointerMode == HOST_SCALARS) waitFor(markOf(state.stream));
    });
}

template <class T>
int scal(const char* function, void* handle, int n, const T* alpha, T* x, int incx) {
    return blasCall(function, handle, [&](Call& call, BlasHandle& state) {
        Scalar<T> weight = scalar(call, state, "alpha", alpha);
        int64_t elements = incx > 0 ? n : 0;
        checkVector(call, "x", x, elements, incx, sizeof(T));
        call.enqueue(state.stream, [=](Call&) {
            for (int64_t i = 0; i < elements; i++) x[i * incx] *= weight.get();
        });
    });
}

template <class T>
struct Term {
    const char* name;
    const T* matrix;
    int op;
    int64_t ld;
};

/*
 * One term of geam. A term of weight 0 is not looked at. One that is the target itself must have its layout; any other one must not
 * overlap it.
 */
template <class T>
void checkTerm(Call& call, const Term<T>& term, const Operand& target) {
    bool plain = term.op == OP_N;
    Operand operand{term.name, term.matrix, plain ? target.rows : target.cols, plain ? target.cols : target.rows, term.ld, sizeof(T)};
    checkMatrix(call, operand);
    if (term.matrix == target.pointer) {
        call.require(plain && term.ld == target.ld, "%s is C, so it must not be transposed and its leading dimension must be that of C", term.name);
    } else {
        checkDisjoint(call, target, operand);
    }
}

template <class T>
struct Sum {
    int64_t m;
    int64_t n;
    const T* alpha;
    Term<T> a;
    const T* beta;
    Term<T> b;
    T* c;
    int64_t ldc;
};

template <class T>
void checkTerms(Call& call, const Sum<T>& s, T alpha, T beta) {
    Operand target{"C", s.c, s.m, s.n, s.ldc, sizeof(T)};
    if (alpha != T(0)) checkTerm(call, s.a, target);
    if (beta != T(0)) checkTerm(call, s.b, target);
}

template <class T>
void addTerms(const Sum<T>& s, T alpha, T beta) {
    auto read = [](const Term<T>& term, T weight, int64_t i, int64_t j) {
        return weight == T(0) ? T(0) : weight * term.matrix[term.op == OP_N ? i + j * term.ld : j + i * term.ld];
    };
    for (int64_t j = 0; j < s.n; j++) {
        for (int64_t i = 0; i < s.m; i++) s.c[i + j * s.ldc] = read(s.a, alpha, i, j) + read(s.b, beta, i, j);
    }
}

template <class T>
int geam(const char* function, void* handle, const Sum<T>& s) {
    return blasCall(function, handle, [&](Call& call, BlasHandle& state) {
        checkOption(call, "transa", s.a.op, OP_C);
        checkOption(call, "transb", s.b.op, OP_C);
        Scalar<T> alpha = scalar(call, state, "alpha", s.alpha), beta = scalar(call, state, "beta", s.beta);
        checkMatrix(call, {"C", s.c, s.m, s.n, s.ldc, sizeof(T)});
        if (state.pointerMode == HOST_SCALARS) checkTerms(call, s, alpha.value, beta.value);
        call.enqueue(state.stream, [=](Call& late) {
            checkTerms(late, s, alpha.get(), beta.get());
            addTerms(s, alpha.get(), beta.get());
        });
    });
}

}  // namespace

extern "C" {

int cublasSnrm2_v2(void* handle, int n, const float* x, int incx, float* result) {
    return nrm2(__func__, handle, n, x, incx, result);
}

int cublasDnrm2_v2(void* handle, int n, const double* x, int incx, double* result) {
    return nrm2(__func__, handle, n, x, incx, result);
}

int cublasSscal_v2(void* handle, int n, const float* alpha, float* x, int incx) {
    return scal(__func__, handle, n, alpha, x, incx);
}

int cublasDscal_v2(void* handle, int n, const double* alpha, double* x, int incx) {
    return scal(__func__, handle, n, alpha, x, incx);
}

int cublasDcopy_v2(void* handle, int n, const double* x, int incx, double* y, int incy) {
    return blasCall(__func__, handle, [&](Call& call, BlasHandle& state) {
        checkVector(call, "x", x, n, incx, sizeof(double));
        checkVector(call, "y", y, n, incy, sizeof(double));
        int64_t fromX = vectorStart(n, incx), fromY = vectorStart(n, incy);
        call.enqueue(state.stream, [=](Call&) {
            for (int64_t i = 0; i < n; i++) y[fromY + i * incy] = x[fromX + i * incx];
        });
    });
}

int cublasSgeam(void* handle, int transa, int transb, int m, int n, const float* alpha, const float* a, int lda, const float* beta,
                const float* b, int ldb, float* c, int ldc) {
    return geam<float>(__func__, handle, {m, n, alpha, {"A", a, transa, lda}, beta, {"B", b, transb, ldb}, c, ldc});
}

int cublasDgeam(void* handle, int transa, int transb, int m, int n, const double* alpha, const double* a, int lda, const double* beta,
                const double* b, int ldb, double* c, int ldc) {
    return geam<double>(__func__, handle, {m, n, alpha, {"A", a, transa, lda}, beta, {"B", b, transb, ldb}, c, ldc});
}

/* c <- diag(x) * a or a * diag(x); c may be a itself. */
int cublasDdgmm(void* handle, int side, int m, int n, const double* a, int lda, const double* x, int incx, double* c, int ldc) {
    return blasCall(__func__, handle, [&](Call& call, BlasHandle& state) {
        checkOption(call, "mode", side, RIGHT);
        Operand source{"A", a, m, n, lda, sizeof(double)}, target{"C", c, m, n, ldc, sizeof(double)};
        checkMatrix(call, source);
        checkMatrix(call, target);
        call.require(c != a || lda == ldc, "C is A but the leading dimensions are %d and %d", ldc, lda);
        if (c != a) checkDisjoint(call, target, source);
        int64_t length = side == LEFT ? m : n, from = vectorStart(length, incx);
        checkVector(call, "x", x, m == 0 || n == 0 ? 0 : length, incx, sizeof(double));
        call.enqueue(state.stream, [=](Call&) {
            for (int64_t j = 0; j < n; j++) {
                for (int64_t i = 0; i < m; i++) {
                    c[i + j * int64_t(ldc)] = a[i + j * int64_t(lda)] * x[from + (side == LEFT ? i : j) * incx];
                }
            }
        });
    });
}

}
