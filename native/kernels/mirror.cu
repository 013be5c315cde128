/*
 * square[row, col] <- square[col, row] below the diagonal.
 *
 * square [n x n] f64, device, in place. A tile of 32 x 32 above the diagonal goes through shared memory to its place below, so that both are
 * read and written along rows: half the matrix is read, half is written. Grid: tiles (x), one row of blocks per problem (y).
 */
#include "border.h"

namespace klr {
namespace {

constexpr const char* OPERATION = "klr_mirror";
constexpr int TILE = 32;
constexpr int ROWS = 8;
constexpr int THREADS = TILE * ROWS;
constexpr int TILE_PITCH = TILE + 1; /* columns of the tile fall into different banks */

__global__ void __launch_bounds__(THREADS) mirror(const __grid_constant__ Chunk<klr_mirror_problem> chunk) {
    __shared__ double tile[TILE * TILE_PITCH];
    const klr_mirror_problem& p = chunk.problems[blockIdx.y];
    int64_t across = divideUp(p.n, TILE);
    int x = threadIdx.x % TILE;
    for (int64_t t = blockIdx.x; t < across * across; t += gridDim.x) {
        int64_t row = t / across * TILE;
        int64_t col = t % across * TILE;
        if (row > col) {
            continue; /* the same for the whole block */
        }
        for (int y = threadIdx.x / TILE; y < TILE; y += ROWS) {
            if (row + y < p.n && col + x < p.n) {
                tile[y * TILE_PITCH + x] = p.square[(row + y) * p.n + col + x];
            }
        }
        __syncthreads();
        for (int y = threadIdx.x / TILE; y < TILE; y += ROWS) {
            if (col + y < p.n && row + x < p.n && col + y > row + x) {
                p.square[(col + y) * p.n + row + x] = tile[x * TILE_PITCH + y];
            }
        }
        __syncthreads();
    }
}

klr_status enqueue(const Chunk<klr_mirror_problem>& chunk, cudaStream_t stream) {
    int64_t across = divideUp(largest(chunk, [](const klr_mirror_problem& p) { return p.n; }), TILE);
    dim3 grid = gridOf(across * across, chunk.count, ELEMENTWISE_BLOCKS);
    KLR_LAUNCH(mirror, grid, THREADS, 0, stream, chunk);
    return launched(OPERATION);
}

void check(Check& c, const klr_mirror_problem& p) {
    c.size("n", p.n).pointer("square", p.square, p.n > 0);
}

}  // namespace
}  // namespace klr

klr_status klr_mirror(const klr_mirror_problem* problems, int64_t count, void* stream) {
    using namespace klr;
    auto queue = static_cast<cudaStream_t>(stream);
    return forBatch(OPERATION, problems, count, check, [=](const auto& chunk) { return enqueue(chunk, queue); });
}
