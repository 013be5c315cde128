/*
 * inverse <- F^-1 with F^T F = gram, its diagonal shifted, F upper triangular; the identity, and *failed = 1, where
 * that cannot be had or trusted.
 *
 * gram [n x n] f64, upper triangle read; inverse [n x n] f64; failed [1] int64; all device, n <= 128. One block per
 * problem, the triangle packed by rows in dynamic shared memory (66 KB for n = 128).
 *
 * gram = L D L^T first: a step subtracts one row from those below it, and the reciprocal of the next pivot is computed
 * meanwhile; then F is the root of D times L^T. The columns of F^-1 do not depend on each other: a thread computes one,
 * and all wait only before a panel of F is overwritten. What bounds the time are the n steps in a row, each a few
 * accesses of shared memory and a barrier, and for the last column of the inverse n^2 / 2 multiplications of one
 * thread, eight of them at a time.
 */
#include "border.h"

#include <atomic>
#include <cmath>

namespace klr {
namespace {

constexpr const char* OPERATION = "klr_cholesky_inverse";
constexpr int THREADS = 256;
constexpr int WARP = 32;
constexpr int PANEL = 8; /* rows of the inverse that a thread computes at a time, in registers */
static_assert(KLR_CHOLESKY_MAX <= THREADS && KLR_CHOLESKY_MAX % PANEL == 0, "a thread for each column, in whole panels");

/* Upper triangle [n x n], row after row. */
struct Triangle {
    double* values;
    int n;

    __device__ double& at(int row, int col) const { return values[row * (2 * n - row - 1) / 2 + col]; }
};

/* body(row, col) for all of a square, a warp for each row. */
template <class Body>
__device__ void forEntries(int n, Body body) {
    for (int row = threadIdx.x / WARP; row < n; row += THREADS / WARP) {
        for (int col = threadIdx.x % WARP; col < n; col += WARP) {
            body(row, col);
        }
    }
}

/*
 * reciprocals <- those of D, a <- the shifted gram and then D L^T; false, in all threads, at a pivot that is not
 * positive and finite.
 */
__device__ bool eliminate(const Triangle& a, const double* gram, double shift, double* reciprocals) {
    forEntries(a.n, [&](int row, int col) {
        if (row <= col) {
            a.at(row, col) = gram[row * a.n + col] * (row == col ? 1 + shift : 1);
        }
        if (row == 0 && col == 0) {
            reciprocals[0] = 1 / a.at(0, 0);
        }
    });
    __syncthreads();
    int lane = threadIdx.x % WARP;
    for (int step = 0; step < a.n; step++) {
        double pivot = a.at(step, step);
        if (!(pivot > 0 && pivot - pivot == 0)) {
            return false;
        }
        for (int row = step + 1 + threadIdx.x / WARP; row < a.n; row += THREADS / WARP) {
            double factor = a.at(step, row) * reciprocals[step];
            for (int col = row + lane; col < a.n; col += WARP) {
                a.at(row, col) -= factor * a.at(step, col);
            }
            if (row == step + 1 && lane == 0) {
                reciprocals[row] = 1 / a.at(row, row);
            }
        }
        __syncthreads();
    }
    return true;
}

/*
 * From D L^T to F, and reciprocals <- those of its diagonal. Whether every entry is finite, the diagonal strong enough
 * and F near enough to I; the same in all threads. NaN counts as far.
 */
__device__ bool scale(const Triangle& f, double* reciprocals, double weakest, double deviation) {
    for (int i = threadIdx.x; i < f.n; i += THREADS) {
        reciprocals[i] = 1 / sqrt(f.at(i, i));
    }
    __syncthreads();
    bool bad = false;
    forEntries(f.n, [&](int row, int col) {
        if (row <= col) {
            double value = f.at(row, col) * reciprocals[row];
            f.at(row, col) = value;
            bad |= value - value != 0 || !(fabs(value - (row == col ? 1 : 0)) <= deviation);
            bad |= row == col && !(value >= weakest);
        }
    });
    return !__syncthreads_or(bad);
}

/*
 * f <- F^-1, panel after panel from the last rows up. A thread computes one column. It reads F in the rows of the
 * panel, and below them what it wrote itself.
 */
__device__ void invert(const Triangle& f, const double* reciprocals) {
    int col = threadIdx.x;
    for (int top = (f.n - 1) / PANEL * PANEL; top >= 0; top -= PANEL) {
        bool mine = col >= top && col < f.n;
        double own[PANEL];
#pragma unroll
        for (int i = 0; i < PANEL; i++) {
            own[i] = top + i == col ? 1 : 0;
        }
        for (int row = top + PANEL; mine && row <= col; row++) {
            double below = f.at(row, col);
#pragma unroll
            for (int i = 0; i < PANEL; i++) {
                own[i] -= f.at(top + i, row) * below;
            }
        }
#pragma unroll
        for (int i = PANEL - 1; i >= 0; i--) {
#pragma unroll
            for (int j = i + 1; j < PANEL; j++) {
                if (mine && top + j <= col) {
                    own[i] -= f.at(top + i, top + j) * own[j];
                }
            }
            own[i] *= reciprocals[top + i];
        }
        __syncthreads();
#pragma unroll
        for (int i = 0; i < PANEL; i++) {
            if (mine && top + i <= col) {
                f.at(top + i, col) = own[i];
            }
        }
    }
    __syncthreads();
}

template <class Batch>
__global__ void __launch_bounds__(THREADS) choleskyInverse(const __grid_constant__ Batch chunk) {
    KLR_DYNAMIC_SHARED(double, values);
    __shared__ double reciprocals[KLR_CHOLESKY_MAX];
    const klr_cholesky_problem& p = chunk.problems[blockIdx.y];
    Triangle triangle{values, static_cast<int>(p.n)};
    bool trusted = eliminate(triangle, p.gram, p.shift, reciprocals) &&
                   scale(triangle, reciprocals, p.weakest, p.deviation);
    if (trusted) {
        invert(triangle, reciprocals);
    } else if (threadIdx.x == 0) {
        *p.failed = 1;
    }
    forEntries(triangle.n, [&](int row, int col) {
        double otherwise = row == col ? 1 : 0;
        p.inverse[row * triangle.n + col] = trusted && row <= col ? triangle.at(row, col) : otherwise;
    });
}

constexpr int64_t triangleBytes(int64_t n) {
    return n * (n + 1) / 2 * static_cast<int64_t>(sizeof(double));
}

/* Lets the kernel take the largest triangle: a call of the driver, so only until it has once been granted. */
template <class Batch>
klr_status allowLargest() {
    static std::atomic<bool> allowed{false};
    if (allowed) {
        return KLR_OK;
    }
    constexpr int BYTES = static_cast<int>(triangleBytes(KLR_CHOLESKY_MAX));
    cudaFuncSetAttribute(choleskyInverse<Batch>, cudaFuncAttributeMaxDynamicSharedMemorySize, BYTES);
    klr_status status = launched(OPERATION);
    allowed = status == KLR_OK;
    return status;
}

template <class Batch>
klr_status enqueue(const Batch& chunk, cudaStream_t stream) {
    klr_status status = allowLargest<Batch>();
    if (status != KLR_OK) {
        return status;
    }
    int64_t n = largest(chunk, [](const klr_cholesky_problem& p) { return p.n; });
    auto bytes = static_cast<size_t>(triangleBytes(n));
    KLR_LAUNCH(choleskyInverse<Batch>, gridOf(1, chunk.count, 1), THREADS, bytes, stream, chunk);
    return launched(OPERATION);
}

void check(Check& c, const klr_cholesky_problem& p) {
    c.that(p.n >= 0 && p.n <= KLR_CHOLESKY_MAX, "n", p.n, "must be in [0, 128], the largest triangle a block's shared memory holds");
    c.limit("shift", p.shift);
    c.pointer("gram", p.gram, p.n > 0).pointer("inverse", p.inverse, p.n > 0).pointer("failed", p.failed, p.n > 0);
}

}  // namespace
}  // namespace klr

klr_status klr_cholesky_inverse(const klr_cholesky_problem* problems, int64_t count, void* stream) {
    using namespace klr;
    auto queue = static_cast<cudaStream_t>(stream);
    return forBatch(OPERATION, problems, count, check, [=](const auto& chunk) { return enqueue(chunk, queue); });
}
