/*
 * target <- target - basis * (basis^T * target), by blocks of 64 basis columns, each applied to what the earlier ones left: the same for
 * orthonormal columns, and only [64 x 32] coefficients are held whatever k is.
 *
 * basis [in x k], target [in x out], f32, device, row-major. A block of threads keeps a tile [in x 32] of the target in shared memory
 * from first read to last write. For each 64 basis columns, with S [64 x 32] and a thread's share of every product in 8 x 8 registers:
 *   S = basis_b^T tile    each warp sums over its own rows of the basis, then the eight sums are added in a fixed order
 *   tile -= basis_b S     each warp owns panels of 64 rows
 * A warp stages its part of the basis through shared memory of its own and fetches the next part while it computes on the last one.
 * FLOPs 4 in k out; the basis is read twice per tile, from L2. Tile sizes are from this count, not from measurements.
 */
#include "warp_product.h"

namespace klr {
namespace {

using namespace warp;

constexpr const char* OPERATION = "klr_project_out";
constexpr int WARPS = 8;
constexpr int THREADS = WARP * WARPS;
constexpr int SUMS = BLOCK * COLUMNS;     /* of all threads of a warp */
constexpr int SCRATCH = SUMS * WARPS / 2; /* the stages of all warps, or half their sums */
static_assert(SCRATCH >= WARPS * DEPTH * PITCH, "scratch holds either");

struct Problem {
    Basis basis; /* [in x k] */
    float* target;
    int64_t in, k, out;
    bool targetAligned;
};

/* coefficients [64 x 32] <- the sum over all warps, in the same order always. */
__device__ void addWarps(float (&sum)[8][8], float* scratch, float* coefficients) {
    int warp = threadIdx.x / WARP;
    int lane = threadIdx.x % WARP;
    for (int half = WARPS / 2; half >= 1; half /= 2) {
        __syncthreads();
        for (int i = 0; i < 64 && warp >= half && warp < 2 * half; i++) {
            scratch[(warp - half) * SUMS + i * WARP + lane] = sum[i / 8][i % 8];
        }
        __syncthreads();
        for (int i = 0; i < 64 && warp < half; i++) {
            sum[i / 8][i % 8] += scratch[warp * SUMS + i * WARP + lane];
        }
    }
    for (int i = 0; i < 64 && warp == 0; i++) {
        coefficients[rowOf(i / 8) * COLUMNS + colOf(i % 8)] = sum[i / 8][i % 8];
    }
    __syncthreads();
}

/* coefficients <- basis[:, first : first + 64]^T tile. */
__device__ void coefficientsOf(const Problem& p, int64_t first, const float* tile, float* scratch, float* coefficients) {
    int64_t warp = threadIdx.x / WARP;
    float* stage = scratch + warp * DEPTH * PITCH;
    float sum[8][8] = {};
    Quad next[FETCHES];
    fetchRows(next, p.basis, warp * DEPTH, first);
    for (int64_t row = warp * DEPTH; row < p.in; row += WARPS * DEPTH) {
        storeRows(next, stage);
        __syncwarp();
        fetchRows(next, p.basis, row + WARPS * DEPTH, first);
        multiplyAdd(sum, stage, tile + row * COLUMNS);
        __syncwarp();
    }
    addWarps(sum, scratch, coefficients);
}

/* tile -= basis[:, first : first + 64] coefficients. */
__device__ void subtract(const Problem& p, int64_t first, float* tile, float* scratch, const float* coefficients) {
    int64_t warp = threadIdx.x / WARP;
    float* stage = scratch + warp * DEPTH * PITCH;
    int width = static_cast<int>(p.k - first < BLOCK ? p.k - first : BLOCK);
    for (int64_t panel = warp * BLOCK; panel < p.in; panel += WARPS * BLOCK) {
        float sum[8][8] = {};
        Quad next[FETCHES];
        fetchPanel(next, p.basis, panel, first);
        for (int col = 0; col < width; col += DEPTH) {
            storePanelTransposed(next, stage);
            __syncwarp();
            fetchPanel(next, p.basis, panel, first + col + DEPTH);
            multiplyAdd(sum, stage, coefficients + col * COLUMNS);
            __syncwarp();
        }
#pragma unroll
        for (int i = 0; i < 64; i += 4) {
            int64_t row = panel + rowOf(i / 8);
            if (row < p.in) {
                Quad& entries = quadAt(tile + row * COLUMNS + colOf(i % 8));
#pragma unroll
                for (int j = 0; j < 4; j++) {
                    entries.values[j] -= sum[i / 8][i % 8 + j];
                }
            }
        }
    }
    __syncthreads();
}

/* Rows of the tile in shared memory: a whole number of stages, zeros below the target's last row. */
__host__ __device__ int64_t tileRows(int64_t in) {
    return divideUp(in, DEPTH) * DEPTH;
}

__device__ void projectTile(const Problem& p, int64_t firstColumn, float* shared) {
    float* tile = shared;
    float* coefficients = tile + tileRows(p.in) * COLUMNS;
    float* scratch = coefficients + SUMS;
    int64_t valid = p.out - firstColumn - threadIdx.x % 8 * 4;
    int64_t offset = firstColumn + threadIdx.x % 8 * 4;
    for (int64_t row = threadIdx.x / 8; row < tileRows(p.in); row += THREADS / 8) {
        quadAt(tile + row * COLUMNS + threadIdx.x % 8 * 4) =
            fetch(p.target + row * p.out + offset, row < p.in ? valid : 0, p.targetAligned);
    }
    __syncthreads();
    for (int64_t first = 0; first < p.k; first += BLOCK) {
        coefficientsOf(p, first, tile, scratch, coefficients);
        subtract(p, first, tile, scratch, coefficients);
    }
    for (int64_t row = threadIdx.x / 8; row < p.in; row += THREADS / 8) {
        const Quad& quad = quadAt(tile + row * COLUMNS + threadIdx.x % 8 * 4);
        float* target = p.target + row * p.out + offset;
        if (p.targetAligned && valid >= 4) {
            quadAt(target) = quad;
        } else {
            for (int i = 0; i < 4 && i < valid; i++) {
                target[i] = quad.values[i];
            }
        }
    }
    __syncthreads();
}

__global__ void __launch_bounds__(THREADS) projectOut(const __grid_constant__ Chunk<klr_projection_problem> chunk) {
    KLR_DYNAMIC_SHARED(float, shared);
    const klr_projection_problem& given = chunk.problems[blockIdx.y];
    Basis basis{given.basis, given.in, given.k, given.k % 4 == 0 && isPackAligned(given.basis)};
    Problem p{basis, given.target, given.in, given.k, given.out, given.out % 4 == 0 && isPackAligned(given.target)};
    for (int64_t tile = blockIdx.x; tile * COLUMNS < p.out && p.k > 0 && p.in > 0; tile += gridDim.x) {
        projectTile(p, tile * COLUMNS, shared);
    }
}

int64_t sharedBytes(int64_t in) {
    return (tileRows(in) * COLUMNS + SUMS + SCRATCH) * static_cast<int64_t>(sizeof(float));
}

klr_status enqueue(const Chunk<klr_projection_problem>& chunk, cudaStream_t stream) {
    constexpr int64_t MOST_BLOCKS = 1 << 20;
    int64_t bytes = largest(chunk, [](const klr_projection_problem& p) { return sharedBytes(p.in); });
    int64_t tiles = largest(chunk, [](const klr_projection_problem& p) { return divideUp(p.out, COLUMNS); });
    cudaFuncSetAttribute(projectOut, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(bytes));
    KLR_LAUNCH(projectOut, gridOf(tiles, chunk.count, MOST_BLOCKS), THREADS, static_cast<size_t>(bytes), stream, chunk);
    return launched(OPERATION);
}

void check(Check& c, const klr_projection_problem& p, int64_t available) {
    bool any = p.in > 0 && p.k > 0 && p.out > 0;
    c.size("in", p.in).size("k", p.k).size("out", p.out);
    c.that(!any || sharedBytes(p.in) <= available, "in", p.in, "a tile [in x 32] and 40 KB do not fit a block's shared memory");
    c.pointer("basis", p.basis, any).pointer("target", p.target, any);
}

}  // namespace
}  // namespace klr

klr_status klr_project_out(const klr_projection_problem* problems, int64_t count, void* stream) {
    using namespace klr;
    int device = 0;
    int available = 0;
    cudaGetDevice(&device);
    cudaDeviceGetAttribute(&available, cudaDevAttrMaxSharedMemoryPerBlockOptin, device);
    auto queue = static_cast<cudaStream_t>(stream);
    return forBatch(
        OPERATION, problems, count, [=](Check& c, const klr_projection_problem& p) { check(c, p, available); },
        [=](const auto& chunk) { return enqueue(chunk, queue); });
}
