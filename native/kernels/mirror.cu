/*
 * square[row, col] <- square[col, row] below the diagonal, or square <- square + square^T.
 *
 * square [n x n] f64, device, in place. A tile of 32 x 32 above the diagonal and its image below go through shared
 * memory together, so that both are read and written along rows, and no other block touches either. To mirror reads
 * half of the matrix and writes half, to add reads and writes all: bound by memory bandwidth. Grid: tiles (x), one row
 * of blocks per problem (y).
 */
#include "border.h"

namespace klr {
namespace {

constexpr const char* OPERATION = "klr_mirror";
constexpr int TILE = 32;
constexpr int ROWS = 8;
constexpr int THREADS = TILE * ROWS;
constexpr int TILE_PITCH = TILE + 1; /* columns of the tile fall into different banks */

/* body(y, x, index in the square) for this thread's entries of the tile at (row, col), as far as the square goes. */
template <class Body>
__device__ void forTile(int64_t n, int64_t row, int64_t col, Body body) {
    int x = threadIdx.x % TILE;
#pragma unroll
    for (int k = 0; k < TILE / ROWS; k++) {
        int y = threadIdx.x / TILE + k * ROWS;
        if (row + y < n && col + x < n) {
            body(y, x, (row + y) * n + col + x);
        }
    }
}

__device__ void load(const klr_mirror_problem& p, int64_t row, int64_t col, double* tile) {
    forTile(p.n, row, col, [&](int y, int x, int64_t at) { tile[y * TILE_PITCH + x] = p.square[at]; });
}

/* The tile at (row, col) <- own + other transposed. */
__device__ void storeSum(const klr_mirror_problem& p, int64_t row, int64_t col, const double* own,
                         const double* other) {
    forTile(p.n, row, col, [&](int y, int x, int64_t at) {
        p.square[at] = own[y * TILE_PITCH + x] + other[x * TILE_PITCH + y];
    });
}

/* The tile at (row, col), below the diagonal, <- tile transposed. */
__device__ void storeMirrored(const klr_mirror_problem& p, int64_t row, int64_t col, const double* tile) {
    forTile(p.n, row, col, [&](int y, int x, int64_t at) {
        if (row + y > col + x) {
            p.square[at] = tile[x * TILE_PITCH + y];
        }
    });
}

template <class Batch>
__global__ void __launch_bounds__(THREADS) mirror(const __grid_constant__ Batch chunk) {
    __shared__ double upper[TILE * TILE_PITCH];
    __shared__ double lower[TILE * TILE_PITCH];
    const klr_mirror_problem& p = chunk.problems[blockIdx.y];
    int64_t across = divideUp(p.n, TILE);
    for (int64_t t = blockIdx.x; t < across * across; t += gridDim.x) {
        int64_t row = t / across * TILE;
        int64_t col = t % across * TILE;
        if (row > col) {
            continue; /* the same for the whole block */
        }
        load(p, row, col, upper);
        if (p.form == KLR_ADD_TRANSPOSE) {
            load(p, col, row, lower);
        }
        __syncthreads();
        if (p.form == KLR_ADD_TRANSPOSE) {
            storeSum(p, row, col, upper, lower);
            storeSum(p, col, row, lower, upper);
        } else {
            storeMirrored(p, col, row, upper);
        }
        __syncthreads();
    }
}

template <class Batch>
klr_status enqueue(const Batch& chunk, cudaStream_t stream) {
    int64_t across = divideUp(largest(chunk, [](const klr_mirror_problem& p) { return p.n; }), TILE);
    dim3 grid = gridOf(across * across, chunk.count, ELEMENTWISE_BLOCKS);
    KLR_LAUNCH(mirror<Batch>, grid, THREADS, 0, stream, chunk);
    return launched(OPERATION);
}

void check(Check& c, const klr_mirror_problem& p) {
    c.size("n", p.n).pointer("square", p.square, p.n > 0);
    c.that(p.form == KLR_MIRROR || p.form == KLR_ADD_TRANSPOSE, "form", p.form,
           "must be KLR_MIRROR (0) or KLR_ADD_TRANSPOSE (1)");
}

}  // namespace
}  // namespace klr

klr_status klr_mirror(const klr_mirror_problem* problems, int64_t count, void* stream) {
    using namespace klr;
    auto queue = static_cast<cudaStream_t>(stream);
    return forBatch(OPERATION, problems, count, check, [=](const auto& chunk) { return enqueue(chunk, queue); });
}
