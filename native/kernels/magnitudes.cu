/*
 * result <- Frobenius norm and largest magnitude of values.
 *
 * values [elements] f32 or f64, result [2] f64, all device. One block per problem goes over the elements twice, for the largest magnitude and
 * for the sum of squares scaled by it, so that nothing overflows or vanishes. Every thread takes fixed elements and the tree over the threads is
 * fixed: the same bits every time. The second pass finds up to 50 MB in the L2 cache.
 */
#include "border.h"

namespace klr {
namespace {

constexpr const char* OPERATION = "klr_magnitudes";
constexpr int THREADS = 512;

/* The larger one; NaN is passed on. */
__device__ double larger(double one, double other) {
    return one > other || one != one ? one : other;
}

/* Combines the threads' values by halves; every thread gets the result. */
template <class Combine>
__device__ double combined(double* shared, double value, Combine combine) {
    __syncthreads();
    shared[threadIdx.x] = value;
    __syncthreads();
    for (int half = THREADS / 2; half > 0; half /= 2) {
        if (static_cast<int>(threadIdx.x) < half) {
            shared[threadIdx.x] = combine(shared[threadIdx.x], shared[threadIdx.x + half]);
        }
        __syncthreads();
    }
    return shared[0];
}

template <class T>
__device__ void measure(const klr_magnitude_problem& p, const T* values, double* shared) {
    double largest = 0;
#pragma unroll 8
    for (int64_t i = threadIdx.x; i < p.elements; i += THREADS) {
        largest = larger(largest, fabs(static_cast<double>(values[i])));
    }
    largest = combined(shared, largest, larger);
    double squares = 0;
#pragma unroll 8
    for (int64_t i = threadIdx.x; i < p.elements && largest > 0; i += THREADS) {
        double scaled = values[i] / largest;
        squares += scaled * scaled;
    }
    squares = combined(shared, squares, [](double one, double other) { return one + other; });
    if (threadIdx.x == 0) {
        p.result[0] = largest * sqrt(squares);
        p.result[1] = largest;
    }
}

__global__ void __launch_bounds__(THREADS) magnitudes(const __grid_constant__ Chunk<klr_magnitude_problem> chunk) {
    __shared__ double shared[THREADS];
    const klr_magnitude_problem& p = chunk.problems[blockIdx.y];
    if (p.type == KLR_F32) {
        measure(p, static_cast<const float*>(p.values), shared);
    } else {
        measure(p, static_cast<const double*>(p.values), shared);
    }
}

klr_status enqueue(const Chunk<klr_magnitude_problem>& chunk, cudaStream_t stream) {
    KLR_LAUNCH(magnitudes, gridOf(1, chunk.count, 1), THREADS, 0, stream, chunk);
    return launched(OPERATION);
}

void check(Check& c, const klr_magnitude_problem& p) {
    c.elements("elements", p.elements).floatType("type", p.type);
    c.pointer("values", p.values, p.elements > 0).pointer("result", p.result, true);
}

}  // namespace
}  // namespace klr

klr_status klr_magnitudes(const klr_magnitude_problem* problems, int64_t count, void* stream) {
    using namespace klr;
    auto queue = static_cast<cudaStream_t>(stream);
    return forBatch(OPERATION, problems, count, check, [=](const auto& chunk) { return enqueue(chunk, queue); });
}
