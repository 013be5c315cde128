/* Matrix products whose operands are named by arrays of pointers in device memory: batches of equal problems, and groups of them. */
#include "cublas/gemm.h"

using namespace emulated;

namespace {

template <class T>
void checkPointers(Call& call, const Pointers<T>& pointers, int64_t count) {
    size_t bytes = size_t(count) * sizeof(void*);
    call.device("Aarray", pointers.a, bytes, sizeof(void*));
    call.device("Barray", pointers.b, bytes, sizeof(void*));
    call.device("Carray", pointers.c, bytes, sizeof(void*));
}

template <class T>
struct Uniform {
    GemmShape shape;
    const T* alpha;
    int64_t lda;
    int64_t ldb;
    const T* beta;
    int64_t ldc;
    int64_t count;
};

template <class T>
int batched(const char* function, void* handle, const Uniform<T>& g, const Pointers<T>& pointers) {
    return blasCall(function, handle, [&](Call& call, BlasHandle& state) {
        call.require(g.count >= 0, "batchCount is %lld", (long long)g.count);
        Scalar<T> alpha = scalar(call, state, "alpha", g.alpha), beta = scalar(call, state, "beta", g.beta);
        checkPointers(call, pointers, g.count);
        std::vector<Gemm<T>> batch;
        for (int64_t i = 0; i < g.count; i++) {
            batch.push_back(
                gemmOf<T>(g.shape, alpha, nullptr, g.lda, nullptr, g.ldb, beta, nullptr, g.ldc, roundsToTf32(state)));
            batch.back().index = i;
        }
        enqueue(call, state.stream, std::move(batch), pointers);
    });
}

/* One entry per group, all in host memory. */
template <class T>
struct Groups {
    const int* opA;
    const int* opB;
    const int* m;
    const int* n;
    const int* k;
    const T* alpha;
    const int* lda;
    const int* ldb;
    const T* beta;
    const int* ldc;
    int64_t count;
    const int* size;
};

template <class T>
int64_t checkGroups(Call& call, const Groups<T>& g) {
    call.require(g.count >= 0, "group_count is %lld", (long long)g.count);
    if (g.count == 0) return 0;
    const int* integers[] = {g.opA, g.opB, g.m, g.n, g.k, g.lda, g.ldb, g.ldc, g.size};
    const char* names[] = {"transa_array", "transb_array", "m_array", "n_array", "k_array", "lda_array", "ldb_array", "ldc_array", "group_size"};
    for (int i = 0; i < 9; i++) call.host(names[i], integers[i]);
    call.host("alpha_array", g.alpha);
    call.host("beta_array", g.beta);
    int64_t problems = 0;
    for (int64_t i = 0; i < g.count; i++) {
        call.require(g.size[i] >= 0, "group_size[%lld] is %d", (long long)i, g.size[i]);
        problems += g.size[i];
    }
    return problems;
}

/* The scalars are host arrays; the real function refuses the device pointer mode. */
template <class T>
int grouped(const char* function, void* handle, const Groups<T>& g, const Pointers<T>& pointers) {
    return blasCall(function, handle, [&](Call& call, BlasHandle& state) {
        call.requireOr(BLAS_NOT_SUPPORTED, state.pointerMode == HOST_SCALARS, "the pointer mode is DEVICE but must be HOST");
        checkPointers(call, pointers, checkGroups(call, g));
        std::vector<Gemm<T>> batch;
        for (int64_t i = 0; i < g.count; i++) {
            GemmShape shape{g.opA[i], g.opB[i], g.m[i], g.n[i], g.k[i]};
            for (int j = 0; j < g.size[i]; j++) {
                size_t at = batch.size();
                batch.push_back(gemmOf<T>(shape, {nullptr, g.alpha[i]}, nullptr, g.lda[i], nullptr, g.ldb[i],
                                          {nullptr, g.beta[i]}, nullptr, g.ldc[i], roundsToTf32(state)));
                batch.back().index = int64_t(at);
            }
        }
        enqueue(call, state.stream, std::move(batch), pointers);
    });
}

}  // namespace

extern "C" {

int cublasSgemmBatched(void* handle, int transa, int transb, int m, int n, int k, const float* alpha, const float* const* a, int lda,
                       const float* const* b, int ldb, const float* beta, float* const* c, int ldc, int count) {
    return batched<float>(__func__, handle, {{transa, transb, m, n, k}, alpha, lda, ldb, beta, ldc, count}, {a, b, c});
}

int cublasDgemmBatched(void* handle, int transa, int transb, int m, int n, int k, const double* alpha, const double* const* a, int lda,
                       const double* const* b, int ldb, const double* beta, double* const* c, int ldc, int count) {
    return batched<double>(__func__, handle, {{transa, transb, m, n, k}, alpha, lda, ldb, beta, ldc, count}, {a, b, c});
}

int cublasSgemmGroupedBatched(void* handle, const int* transa, const int* transb, const int* m, const int* n, const int* k, const float* alpha,
                              const float* const* a, const int* lda, const float* const* b, const int* ldb, const float* beta, float* const* c,
                              const int* ldc, int groups, const int* size) {
    return grouped<float>(__func__, handle, {transa, transb, m, n, k, alpha, lda, ldb, beta, ldc, groups, size}, {a, b, c});
}

int cublasDgemmGroupedBatched(void* handle, const int* transa, const int* transb, const int* m, const int* n, const int* k,
                              const double* alpha, const double* const* a, const int* lda, const double* const* b, const int* ldb,
                              const double* beta, double* const* c, const int* ldc, int groups, const int* size) {
    return grouped<double>(__func__, handle, {transa, transb, m, n, k, alpha, lda, ldb, beta, ldc, groups, size}, {a, b, c});
}

}
