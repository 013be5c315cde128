/*
 * residual <- (I - M M^T) C (I - M M^T) as C - M V - V^T M^T with V = W - (W M) M^T / 2, W = M^T C.
 *
 * basis M [in x k], moment C [in x in] symmetric (upper triangle decides the result), residual [in x in], workspace [k x in], f64, device,
 * row-major. Four products on one tiled scheme, all problems of a chunk in each launch:
 *   W = M^T C      [k x in]  into the workspace
 *   N = W M        [k x k]   into the residual, which is free until the last step
 *   V = W - N M^T / 2        in place of W
 *   residual       [in x in] upper triangle of tiles only, each entry written twice, so symmetric to the bit
 * FLOPs 4 in^2 k + 4 in k^2. A block computes 64 x 64 entries on 128 threads, 8 x 4 registers each, 16 summands per stage, the next
 * stage fetched while the last is computed. Plain FP64 arithmetic, no tensor cores. Tile sizes are from counts, not from measurements.
 */
#include "border.h"

namespace klr {
namespace {

constexpr const char* OPERATION = "klr_moment_residual";
constexpr int THREADS = 128;
constexpr int TILE = 64;
constexpr int DEPTH = 16;
constexpr int PITCH = TILE + 2; /* keeps pairs aligned, and transposed stores off each other's banks but for pairs */
constexpr int ROWS = 8;         /* of the tile, per thread */
constexpr int COLS = 4;
constexpr int FETCHES = TILE * DEPTH / THREADS;

using Pair = Pack<double>;
using Sum = double[ROWS][COLS];
using Panel = double[DEPTH * PITCH];

/* A factor of a product: entry (outer, s) for outer index and summand s. */
struct Factor {
    const double* values;
    int64_t stride;
    int64_t outerSize;
    bool summandsInRow; /* at outer * stride + s, else at s * stride + outer */
};

__device__ Factor rows(const double* values, int64_t stride, int64_t outerSize) {
    return {values, stride, outerSize, true};
}
__device__ Factor columns(const double* values, int64_t stride, int64_t outerSize) {
    return {values, stride, outerSize, false};
}

/* Where fetch i of this thread lies within a panel; neighbours in a warp are neighbours in memory. */
__device__ int outerOf(const Factor& f, int i) {
    return f.summandsInRow ? threadIdx.x / DEPTH + i * (THREADS / DEPTH) : threadIdx.x % TILE;
}
__device__ int summandOf(const Factor& f, int i) {
    return f.summandsInRow ? threadIdx.x % DEPTH : threadIdx.x / TILE + i * (THREADS / TILE);
}

/* Entries first to first + 63 of summands s to s + 15, zeros outside. */
__device__ void fetch(double (&next)[FETCHES], const Factor& f, int64_t first, int64_t s, int64_t summands) {
#pragma unroll
    for (int i = 0; i < FETCHES; i++) {
        int64_t outer = first + outerOf(f, i);
        int64_t summand = s + summandOf(f, i);
        int64_t at = f.summandsInRow ? outer * f.stride + summand : summand * f.stride + outer;
        next[i] = outer < f.outerSize && summand < summands ? f.values[at] : 0;
    }
}

__device__ void store(const double (&next)[FETCHES], const Factor& f, Panel& panel) {
#pragma unroll
    for (int i = 0; i < FETCHES; i++) {
        panel[summandOf(f, i) * PITCH + outerOf(f, i)] = next[i];
    }
}

/* Within the tile, a thread's rows and columns lie in pairs. */
__device__ int rowOf(int i) {
    return i / 2 * 16 + threadIdx.x / 16 * 2 + i % 2;
}
__device__ int colOf(int j) {
    return j / 2 * 32 + threadIdx.x % 16 * 2 + j % 2;
}

__device__ void multiplyAdd(Sum& sum, const Panel& left, const Panel& right) {
#pragma unroll
    for (int d = 0; d < DEPTH; d++) {
        Pair a[ROWS / 2];
        Pair b[COLS / 2];
#pragma unroll
        for (int i = 0; i < ROWS; i += 2) {
            a[i / 2] = *reinterpret_cast<const Pair*>(&left[d * PITCH + rowOf(i)]);
        }
#pragma unroll
        for (int j = 0; j < COLS; j += 2) {
            b[j / 2] = *reinterpret_cast<const Pair*>(&right[d * PITCH + colOf(j)]);
        }
#pragma unroll
        for (int i = 0; i < ROWS; i++) {
#pragma unroll
            for (int j = 0; j < COLS; j++) {
                sum[i][j] += a[i / 2].values[i % 2] * b[j / 2].values[j % 2];
            }
        }
    }
}

/* sum += left right^T for the tile that starts at (row, col). */
__device__ void accumulate(Sum& sum, const Factor& left, const Factor& right, int64_t row, int64_t col, int64_t summands) {
    __shared__ __align__(16) Panel leftPanel;
    __shared__ __align__(16) Panel rightPanel;
    double nextLeft[FETCHES];
    double nextRight[FETCHES];
    fetch(nextLeft, left, row, 0, summands);
    fetch(nextRight, right, col, 0, summands);
    for (int64_t s = 0; s < summands; s += DEPTH) {
        store(nextLeft, left, leftPanel);
        store(nextRight, right, rightPanel);
        __syncthreads();
        fetch(nextLeft, left, row, s + DEPTH, summands);
        fetch(nextRight, right, col, s + DEPTH, summands);
        multiplyAdd(sum, leftPanel, rightPanel);
        __syncthreads();
    }
}

/* body(row, col, sum) for each of this thread's entries that lies in [rowCount x colCount]. */
template <class Body>
__device__ void forEntries(const Sum& sum, int64_t row, int64_t col, int64_t rowCount, int64_t colCount, Body body) {
#pragma unroll
    for (int i = 0; i < ROWS; i++) {
#pragma unroll
        for (int j = 0; j < COLS; j++) {
            if (row + rowOf(i) < rowCount && col + colOf(j) < colCount) {
                body(row + rowOf(i), col + colOf(j), sum[i][j]);
            }
        }
    }
}

enum Step { W_IS_MT_C, N_IS_W_M, V_IS_W_MINUS_HALF_N_MT, RESIDUAL };

__device__ void computeTile(Step step, const klr_residual_problem& p, int64_t row, int64_t col) {
    double* w = p.workspace;
    double* n = p.residual;
    Sum sum = {};
    switch (step) {
        case W_IS_MT_C:
            accumulate(sum, columns(p.basis, p.k, p.k), columns(p.moment, p.in, p.in), row, col, p.in);
            forEntries(sum, row, col, p.k, p.in, [&](int64_t r, int64_t c, double s) { w[r * p.in + c] = s; });
            break;
        case N_IS_W_M:
            accumulate(sum, rows(w, p.in, p.k), columns(p.basis, p.k, p.k), row, col, p.in);
            forEntries(sum, row, col, p.k, p.k, [&](int64_t r, int64_t c, double s) { n[r * p.k + c] = s; });
            break;
        case V_IS_W_MINUS_HALF_N_MT:
            accumulate(sum, rows(n, p.k, p.k), rows(p.basis, p.k, p.in), row, col, p.k);
            forEntries(sum, row, col, p.k, p.in, [&](int64_t r, int64_t c, double s) { w[r * p.in + c] -= s / 2; });
            break;
        case RESIDUAL:
            accumulate(sum, rows(p.basis, p.k, p.in), columns(w, p.in, p.in), row, col, p.k);
            accumulate(sum, columns(w, p.in, p.in), rows(p.basis, p.k, p.in), row, col, p.k);
            forEntries(sum, row, col, p.in, p.in, [&](int64_t r, int64_t c, double s) {
                if (r <= c) {
                    double value = p.moment[r * p.in + c] - s;
                    p.residual[r * p.in + c] = value;
                    p.residual[c * p.in + r] = value;
                }
            });
    }
}

/* Tiles are counted over the whole result; those of the residual below its diagonal are left to their mirror images. */
template <Step STEP>
__global__ void __launch_bounds__(THREADS, 3) multiply(const __grid_constant__ Chunk<klr_residual_problem> chunk) {
    const klr_residual_problem& p = chunk.problems[blockIdx.y];
    int64_t rowTiles = divideUp(STEP == RESIDUAL ? p.in : p.k, TILE);
    int64_t colTiles = divideUp(STEP == N_IS_W_M ? p.k : p.in, TILE);
    for (int64_t t = blockIdx.x; t < rowTiles * colTiles; t += gridDim.x) {
        int64_t row = t / colTiles * TILE;
        int64_t col = t % colTiles * TILE;
        if (STEP != RESIDUAL || row <= col) {
            computeTile(STEP, p, row, col);
        }
    }
}

template <Step STEP>
klr_status enqueue(const Chunk<klr_residual_problem>& chunk, cudaStream_t stream) {
    constexpr int64_t MOST_BLOCKS = 1 << 20;
    int64_t tiles = largest(chunk, [](const klr_residual_problem& p) {
        return divideUp(STEP == RESIDUAL ? p.in : p.k, TILE) * divideUp(STEP == N_IS_W_M ? p.k : p.in, TILE);
    });
    if (tiles == 0) {
        return KLR_OK;
    }
    KLR_LAUNCH(multiply<STEP>, gridOf(tiles, chunk.count, MOST_BLOCKS), THREADS, 0, stream, chunk);
    return launched(OPERATION);
}

klr_status enqueueAll(const Chunk<klr_residual_problem>& chunk, cudaStream_t stream) {
    for (auto step : {enqueue<W_IS_MT_C>, enqueue<N_IS_W_M>, enqueue<V_IS_W_MINUS_HALF_N_MT>, enqueue<RESIDUAL>}) {
        if (klr_status status = step(chunk, stream)) {
            return status;
        }
    }
    return KLR_OK;
}

void check(Check& c, const klr_residual_problem& p) {
    c.size("in", p.in).size("k", p.k).that(p.k <= p.in, "k", p.k, "must be at most in");
    c.pointer("basis", p.basis, p.k > 0).pointer("workspace", p.workspace, p.k > 0);
    c.pointer("moment", p.moment, p.in > 0).pointer("residual", p.residual, p.in > 0);
    c.that(p.residual != p.moment || p.in == 0, "residual", reinterpret_cast<intptr_t>(p.residual), "must not overlap moment");
}

}  // namespace
}  // namespace klr

klr_status klr_moment_residual(const klr_residual_problem* problems, int64_t count, void* stream) {
    using namespace klr;
    auto queue = static_cast<cudaStream_t>(stream);
    return forBatch(OPERATION, problems, count, check, [=](const auto& chunk) { return enqueueAll(chunk, queue); });
}
