/*
 * inverse <- F^-1 with F^T F = gram, its diagonal shifted, F upper triangular; the identity, and *failed = 1, where
 * that cannot be had or trusted.
 *
 * gram [n x n] f64, upper triangle read; inverse [n x n] f32 or f64; failed [1] int64; all device, n <= 128. One block per problem, the
 * triangle packed by rows in dynamic shared memory (66 KB for n = 128), everything in float64. Two barriers for each of n steps of the
 * factorisation and one for each row of the inverse bound the time, not the n^3 / 3 multiplications each.
 */
#include "border.h"

#include <atomic>
#include <cmath>

namespace klr {
namespace {

constexpr const char* OPERATION = "klr_cholesky_inverse";
constexpr int THREADS = 256;
constexpr int WARP = 32;

/* Upper triangle [n x n], row after row. */
struct Triangle {
    double* values;
    int n;

    __device__ double& at(int row, int col) const { return values[row * (2 * n - row - 1) / 2 + col]; }
};

__device__ void load(const Triangle& a, const double* gram, double shift) {
    for (int i = threadIdx.x; i < a.n * a.n; i += THREADS) {
        if (i / a.n <= i % a.n) {
            a.at(i / a.n, i % a.n) = gram[i] * (i / a.n == i % a.n ? 1 + shift : 1);
        }
    }
    __syncthreads();
}

/* a <- F, row by row, each taken from the rows below it at once; false, in all threads, at a pivot that is not positive and finite. */
__device__ bool factorise(const Triangle& a) {
    int lane = threadIdx.x % WARP;
    for (int step = 0; step < a.n; step++) {
        double pivot = a.at(step, step);
        if (!(pivot > 0 && pivot - pivot == 0)) {
            return false;
        }
        double root = sqrt(pivot);
        for (int col = step + 1 + threadIdx.x; col < a.n; col += THREADS) {
            a.at(step, col) /= root;
        }
        __syncthreads();
        if (threadIdx.x == 0) {
            a.at(step, step) = root;
        }
        for (int row = step + 1 + threadIdx.x / WARP; row < a.n; row += THREADS / WARP) {
            double scale = a.at(step, row);
            for (int col = row + lane; col < a.n; col += WARP) {
                a.at(row, col) -= scale * a.at(step, col);
            }
        }
        __syncthreads();
    }
    return true;
}

/* Whether every entry is finite, the diagonal strong enough and F near enough to I; the same in all threads. NaN counts as far. */
__device__ bool isTrusted(const Triangle& f, double weakest, double deviation) {
    bool bad = false;
    for (int i = threadIdx.x; i < f.n * f.n; i += THREADS) {
        int row = i / f.n;
        int col = i % f.n;
        if (row <= col) {
            double value = f.at(row, col);
            bad |= value - value != 0 || !(fabs(value - (row == col ? 1 : 0)) <= deviation);
            bad |= row == col && !(value >= weakest);
        }
    }
    return !__syncthreads_or(bad);
}

/* f <- F^-1 from the last row up: a thread computes one column, reading row `row` of F and what it wrote below. */
__device__ void invert(const Triangle& f) {
    int col = threadIdx.x;
    for (int row = f.n - 1; row >= 0; row--) {
        bool mine = col >= row && col < f.n;
        double sum = col == row ? 1 : 0;
        if (mine) {
            for (int i = row + 1; i <= col; i++) {
                sum -= f.at(row, i) * f.at(i, col);
            }
            sum /= f.at(row, row);
        }
        __syncthreads();
        if (mine) {
            f.at(row, col) = sum;
        }
    }
    __syncthreads();
}

template <class T>
__device__ void store(const Triangle& f, bool trusted, T* inverse) {
    for (int i = threadIdx.x; i < f.n * f.n; i += THREADS) {
        int row = i / f.n;
        int col = i % f.n;
        double otherwise = row == col ? 1 : 0;
        inverse[i] = static_cast<T>(trusted && row <= col ? f.at(row, col) : otherwise);
    }
}

__global__ void __launch_bounds__(THREADS) choleskyInverse(const __grid_constant__ Chunk<klr_cholesky_problem> chunk) {
    KLR_DYNAMIC_SHARED(double, values);
    const klr_cholesky_problem& p = chunk.problems[blockIdx.y];
    Triangle triangle{values, static_cast<int>(p.n)};
    load(triangle, p.gram, p.shift);
    bool trusted = factorise(triangle) && isTrusted(triangle, p.weakest, p.deviation);
    if (trusted) {
        invert(triangle);
    } else if (threadIdx.x == 0) {
        *p.failed = 1;
    }
    if (p.inverse_type == KLR_F32) {
        store(triangle, trusted, static_cast<float*>(p.inverse));
    } else {
        store(triangle, trusted, static_cast<double*>(p.inverse));
    }
}

constexpr int64_t triangleBytes(int64_t n) {
    return n * (n + 1) / 2 * static_cast<int64_t>(sizeof(double));
}

/* Lets the kernel take the largest triangle: a call of the driver, so only until it has once been granted. */
klr_status allowLargest() {
    static std::atomic<bool> allowed{false};
    if (allowed) {
        return KLR_OK;
    }
    constexpr int BYTES = static_cast<int>(triangleBytes(KLR_CHOLESKY_MAX));
    cudaFuncSetAttribute(choleskyInverse, cudaFuncAttributeMaxDynamicSharedMemorySize, BYTES);
    klr_status status = launched(OPERATION);
    allowed = status == KLR_OK;
    return status;
}

klr_status enqueue(const Chunk<klr_cholesky_problem>& chunk, cudaStream_t stream) {
    klr_status status = allowLargest();
    if (status != KLR_OK) {
        return status;
    }
    int64_t n = largest(chunk, [](const klr_cholesky_problem& p) { return p.n; });
    auto bytes = static_cast<size_t>(triangleBytes(n));
    KLR_LAUNCH(choleskyInverse, gridOf(1, chunk.count, 1), THREADS, bytes, stream, chunk);
    return launched(OPERATION);
}

void check(Check& c, const klr_cholesky_problem& p) {
    c.that(p.n >= 0 && p.n <= KLR_CHOLESKY_MAX, "n", p.n, "must be in [0, 128], the largest triangle a block's shared memory holds");
    c.floatType("inverse_type", p.inverse_type).limit("shift", p.shift);
    c.pointer("gram", p.gram, p.n > 0).pointer("inverse", p.inverse, p.n > 0).pointer("failed", p.failed, p.n > 0);
}

}  // namespace
}  // namespace klr

klr_status klr_cholesky_inverse(const klr_cholesky_problem* problems, int64_t count, void* stream) {
    using namespace klr;
    auto queue = static_cast<cudaStream_t>(stream);
    return forBatch(OPERATION, problems, count, check, [=](const auto& chunk) { return enqueue(chunk, queue); });
}
