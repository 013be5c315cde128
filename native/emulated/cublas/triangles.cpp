/* Symmetric updates, of which one triangle is written, and triangular solves. */
#include "cublas/gemm.h"

using namespace emulated;

namespace {

/* The triangle of target [n x n] <- alpha * values + beta * target; the other triangle is not touched. */
template <class T>
void blendTriangle(T alpha, const std::vector<T>& values, T beta, T* target, int64_t ld, int64_t n, int uplo) {
    for (int64_t j = 0; j < n; j++) {
        int64_t from = uplo == LOWER ? j : 0, to = uplo == LOWER ? n : j + 1;
        for (int64_t i = from; i < to; i++) {
            T fresh = alpha == T(0) ? T(0) : alpha * values[size_t(i + j * n)];
            T& place = target[i + j * ld];
            place = beta == T(0) ? fresh : fresh + beta * place;
        }
    }
}

template <class T>
struct Update {
    int uplo;
    int op;
    int64_t n;
    int64_t k;
    const T* alpha;
    const T* a;
    int64_t lda;
    const T* beta;
    T* c;
    int64_t ldc;
};

template <class T>
void checkUpdate(Call& call, const Update<T>& u, const char* name, const T* operand, int64_t ld) {
    checkOption(call, "uplo", u.uplo, UPPER);
    checkOption(call, "trans", u.op, OP_C);
    call.require(u.n >= 0 && u.k >= 0, "n = %lld, k = %lld must not be negative", (long long)u.n, (long long)u.k);
    Operand a{name, operand, u.op == OP_N ? u.n : u.k, u.op == OP_N ? u.k : u.n, ld, sizeof(T)};
    Operand c{"C", u.c, u.n, u.n, u.ldc, sizeof(T)};
    checkMatrix(call, a);
    checkMatrix(call, c);
    checkDisjoint(call, c, a);
}

/* op(left) * op(right)ᵀ [n x n] */
template <class T>
std::vector<T> outer(const Update<T>& u, const T* left, int64_t ldLeft, const T* right, int64_t ldRight, bool tf32) {
    int turned = u.op == OP_N ? OP_T : OP_N;
    return product(gather<T>({left, elementOf<T>(), u.op, ldLeft, tf32}, u.n, u.k),
                   gather<T>({right, elementOf<T>(), turned, ldRight, tf32}, u.k, u.n), u.n, u.n, u.k);
}

template <class T>
int syrk(const char* function, void* handle, const Update<T>& u) {
    return blasCall(function, handle, [&](Call& call, BlasHandle& state) {
        Scalar<T> alpha = scalar(call, state, "alpha", u.alpha), beta = scalar(call, state, "beta", u.beta);
        checkUpdate(call, u, "A", u.a, u.lda);
        call.enqueue(state.stream, [=, tf32 = roundsToTf32(state)](Call&) {
            std::vector<T> values;
            if (alpha.get() != T(0)) values = outer(u, u.a, u.lda, u.a, u.lda, tf32);
            blendTriangle(alpha.get(), values, beta.get(), u.c, u.ldc, u.n, u.uplo);
        });
    });
}

struct Solve {
    int side;
    int uplo;
    int op;
    int diag;
    int64_t m;
    int64_t n;
    const double* a;
    int64_t lda;
    double* b;
    int64_t ldb;
};

void checkSolve(Call& call, const Solve& s, int64_t index) {
    checkOption(call, "side", s.side, RIGHT);
    checkOption(call, "uplo", s.uplo, UPPER);
    checkOption(call, "trans", s.op, OP_C);
    checkOption(call, "diag", s.diag, UNIT);
    call.require(s.m >= 0 && s.n >= 0, "m = %lld, n = %lld must not be negative", (long long)s.m, (long long)s.n);
    int64_t order = s.side == LEFT ? s.m : s.n;
    Operand a{"A", s.a, order, order, s.lda, sizeof(double), index}, b{"B", s.b, s.m, s.n, s.ldb, sizeof(double), index};
    checkMatrix(call, a);
    checkMatrix(call, b);
    checkDisjoint(call, b, a);
}

/* b <- x with op(a) * x = alpha * b, or x * op(a) = alpha * b: each column, or each row, is one substitution. */
void solve(const Solve& s, double alpha) {
    int64_t order = s.side == LEFT ? s.m : s.n, systems = s.side == LEFT ? s.n : s.m;
    bool turned = (s.op != OP_N) != (s.side == RIGHT);
    bool forward = (s.uplo == LOWER) != turned;
    int64_t step = s.side == LEFT ? 1 : s.ldb, next = s.side == LEFT ? s.ldb : 1;
    for (int64_t system = 0; system < systems; system++) {
        double* x = s.b + system * next;
        for (int64_t count = 0; count < order; count++) {
            int64_t i = forward ? count : order - 1 - count;
            double value = alpha == 0 ? 0 : alpha * x[i * step];
            for (int64_t l = forward ? 0 : i + 1; l < (forward ? i : order); l++) {
                value -= (turned ? s.a[l + i * s.lda] : s.a[i + l * s.lda]) * x[l * step];
            }
            x[i * step] = s.diag == UNIT ? value : value / s.a[i + i * s.lda];
        }
    }
}

}  // namespace

extern "C" {

int cublasSsyrk_v2(void* handle, int uplo, int trans, int n, int k, const float* alpha, const float* a, int lda, const float* beta, float* c,
                   int ldc) {
    return syrk<float>(__func__, handle, {uplo, trans, n, k, alpha, a, lda, beta, c, ldc});
}

int cublasDsyrk_v2(void* handle, int uplo, int trans, int n, int k, const double* alpha, const double* a, int lda, const double* beta,
                   double* c, int ldc) {
    return syrk<double>(__func__, handle, {uplo, trans, n, k, alpha, a, lda, beta, c, ldc});
}

int cublasDsyr2k_v2(void* handle, int uplo, int trans, int n, int k, const double* alpha, const double* a, int lda, const double* b, int ldb,
                    const double* beta, double* c, int ldc) {
    return blasCall(__func__, handle, [&](Call& call, BlasHandle& state) {
        Scalar<double> weight = scalar(call, state, "alpha", alpha), kept = scalar(call, state, "beta", beta);
        Update<double> u{uplo, trans, n, k, alpha, a, lda, beta, c, ldc};
        checkUpdate(call, u, "A", a, lda);
        checkUpdate(call, u, "B", b, ldb);
        call.enqueue(state.stream, [=](Call&) {
            std::vector<double> values;
            if (weight.get() != 0) {
                values = outer(u, a, int64_t(lda), b, int64_t(ldb), false);
                std::vector<double> other = outer(u, b, int64_t(ldb), a, int64_t(lda), false);
                for (size_t i = 0; i < values.size(); i++) values[i] += other[i];
            }
            blendTriangle(weight.get(), values, kept.get(), c, int64_t(ldc), int64_t(n), uplo);
        });
    });
}

int cublasDtrsm_v2(void* handle, int side, int uplo, int trans, int diag, int m, int n, const double* alpha, const double* a, int lda,
                   double* b, int ldb) {
    return blasCall(__func__, handle, [&](Call& call, BlasHandle& state) {
        Scalar<double> weight = scalar(call, state, "alpha", alpha);
        Solve one{side, uplo, trans, diag, m, n, a, lda, b, ldb};
        checkSolve(call, one, 0);
        call.enqueue(state.stream, [=](Call&) { solve(one, weight.get()); });
    });
}

int cublasDtrsmBatched(void* handle, int side, int uplo, int trans, int diag, int m, int n, const double* alpha, const double* const* a,
                       int lda, double* const* b, int ldb, int count) {
    return blasCall(__func__, handle, [&](Call& call, BlasHandle& state) {
        call.require(count >= 0, "batchCount is %d", count);
        Scalar<double> weight = scalar(call, state, "alpha", alpha);
        call.device("Aarray", a, size_t(count) * sizeof(void*), sizeof(void*));
        call.device("Barray", b, size_t(count) * sizeof(void*), sizeof(void*));
        call.enqueue(state.stream, [=](Call& late) {
            std::vector<Solve> batch;
            for (int i = 0; i < count; i++) batch.push_back({side, uplo, trans, diag, m, n, a[i], lda, b[i], ldb});
            for (size_t i = 0; i < batch.size(); i++) checkSolve(late, batch[i], int64_t(i));
            for (const Solve& one : batch) solve(one, weight.get());
        });
    });
}

}
