/* Matrix products: one at a time, and strided batches of equal ones. */
#include "cublas/gemm.h"

using namespace emulated;

namespace {

enum { CUDA_R_32F = 0, CUDA_R_16F = 2, CUDA_R_16BF = 14 };
enum { COMPUTE_32F = 68, COMPUTE_32F_PEDANTIC = 69, COMPUTE_32F_FAST_TF32 = 77 };

template <class T>
struct Strided {
    GemmShape shape;
    const T* alpha;
    const T* a;
    int64_t lda;
    long long strideA;
    const T* b;
    int64_t ldb;
    long long strideB;
    const T* beta;
    T* c;
    int64_t ldc;
    long long strideC;
    int64_t count;
};

template <class T>
int strided(const char* function, void* handle, const Strided<T>& g) {
    return blasCall(function, handle, [&](Call& call, BlasHandle& state) {
        call.require(g.count >= 0, "batchCount is %lld", (long long)g.count);
        Scalar<T> alpha = scalar(call, state, "alpha", g.alpha), beta = scalar(call, state, "beta", g.beta);
        std::vector<Gemm<T>> batch;
        for (int64_t i = 0; i < g.count; i++) {
            batch.push_back(gemmOf(g.shape, alpha, g.a + i * g.strideA, g.lda, g.b + i * g.strideB, g.ldb, beta, g.c + i * g.strideC, g.ldc,
                                   roundsToTf32(state)));
            batch.back().index = i;
        }
        enqueue(call, state.stream, std::move(batch));
    });
}

/* What GemmEx is emulated for: both operands of one type, products and sums in float. */
Element elementOf(Call& call, int typeA, int typeB) {
    if (typeA != typeB) call.unsupported(BLAS_NOT_SUPPORTED, "A of type %d with B of type %d", typeA, typeB);
    if (typeA == CUDA_R_32F) return Element::F32;
    if (typeA == CUDA_R_16F) return Element::F16;
    if (typeA == CUDA_R_16BF) return Element::BF16;
    call.unsupported(BLAS_NOT_SUPPORTED, "operands of type %d", typeA);
}

}  // namespace

extern "C" {

int cublasSgemm_v2(void* handle, int transa, int transb, int m, int n, int k, const float* alpha, const float* a, int lda, const float* b,
                   int ldb, const float* beta, float* c, int ldc) {
    return strided<float>(__func__, handle, {{transa, transb, m, n, k}, alpha, a, lda, 0, b, ldb, 0, beta, c, ldc, 0, 1});
}

int cublasDgemm_v2(void* handle, int transa, int transb, int m, int n, int k, const double* alpha, const double* a, int lda, const double* b,
                   int ldb, const double* beta, double* c, int ldc) {
    return strided<double>(__func__, handle, {{transa, transb, m, n, k}, alpha, a, lda, 0, b, ldb, 0, beta, c, ldc, 0, 1});
}

int cublasSgemmStridedBatched(void* handle, int transa, int transb, int m, int n, int k, const float* alpha, const float* a, int lda,
                              long long strideA, const float* b, int ldb, long long strideB, const float* beta, float* c, int ldc,
                              long long strideC, int count) {
    return strided<float>(__func__, handle,
                          {{transa, transb, m, n, k}, alpha, a, lda, strideA, b, ldb, strideB, beta, c, ldc, strideC, count});
}

int cublasDgemmStridedBatched(void* handle, int transa, int transb, int m, int n, int k, const double* alpha, const double* a, int lda,
                              long long strideA, const double* b, int ldb, long long strideB, const double* beta, double* c, int ldc,
                              long long strideC, int count) {
    return strided<double>(__func__, handle,
                           {{transa, transb, m, n, k}, alpha, a, lda, strideA, b, ldb, strideB, beta, c, ldc, strideC, count});
}

int cublasGemmEx(void* handle, int transa, int transb, int m, int n, int k, const void* alpha, const void* a, int typeA, int lda, const void* b,
                 int typeB, int ldb, const void* beta, void* c, int typeC, int ldc, int computeType, int) {
    return blasCall(__func__, handle, [&](Call& call, BlasHandle& state) {
        Element element = elementOf(call, typeA, typeB);
        if (typeC != CUDA_R_32F) call.unsupported(BLAS_NOT_SUPPORTED, "C of type %d", typeC);
        if (computeType != COMPUTE_32F && computeType != COMPUTE_32F_PEDANTIC && computeType != COMPUTE_32F_FAST_TF32) {
            call.unsupported(BLAS_NOT_SUPPORTED, "compute type %d", computeType);
        }
        bool tf32 = element == Element::F32 && (computeType == COMPUTE_32F_FAST_TF32 || (computeType == COMPUTE_32F && roundsToTf32(state)));
        Gemm<float> gemm{{transa, transb, m, n, k},
                         scalar(call, state, "alpha", static_cast<const float*>(alpha)),
                         {a, element, transa, lda, tf32},
                         {b, element, transb, ldb, tf32},
                         scalar(call, state, "beta", static_cast<const float*>(beta)),
                         static_cast<float*>(c),
                         ldc};
        enqueue<float>(call, state.stream, {gemm});
    });
}

}
