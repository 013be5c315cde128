/*
 * target <- source or its transpose, rounded to nearest where the target's type is narrower.
 *
 * target [rows x cols], source [rows x cols] or, transposed, [cols x rows]; any of f32, f64, f16, bf16 on either side, with strides between
 * rows. A value passes through float32, or through float64 where one side is float64, so it is rounded once. A transpose goes through a
 * tile of 32 x 32 in shared memory, so that both sides are read and written along their rows: bound by memory bandwidth.
 */
#include <cstdlib>

#include "border.h"

namespace klr {
namespace {

constexpr const char* OPERATION = "klr_copy";
constexpr int THREADS = 256;
constexpr int TILE = 32;
constexpr int TILE_PITCH = TILE + 1; /* columns of the tile fall into different banks */

__device__ void write(float* target, float value) { *target = value; }
__device__ void write(float* target, double value) { *target = static_cast<float>(value); }
__device__ void write(double* target, double value) { *target = value; }
__device__ void write(__half* target, float value) { *target = __float2half_rn(value); }
__device__ void write(__half* target, double value) { *target = __double2half(value); }
__device__ void write(__nv_bfloat16* target, float value) { *target = __float2bfloat16_rn(value); }
__device__ void write(__nv_bfloat16* target, double value) { *target = __double2bfloat16(value); }

/* index = row * cols + col, with a short division where the numbers are short. */
__device__ void split(int64_t index, int64_t cols, int64_t* row, int64_t* col) {
    if (index <= INT32_MAX) {
        *row = static_cast<uint32_t>(index) / static_cast<uint32_t>(cols);
    } else {
        *row = index / cols;
    }
    *col = index - *row * cols;
}

template <class Source, class Target>
__device__ void copyRows(const klr_copy_problem& p, const Source* source, Target* target) {
    int64_t elements = p.rows * p.cols;
    bool contiguous = (p.source_stride == p.cols && p.target_stride == p.cols) || p.rows == 1;
#pragma unroll 4
    for (int64_t i = firstElement(); i < elements; i += elementStride()) {
        int64_t row = 0;
        int64_t col = i;
        if (!contiguous) {
            split(i, p.cols, &row, &col);
        }
        write(target + row * p.target_stride + col, read(source[row * p.source_stride + col]));
    }
}

/* Tiles of target rows and columns; thread (x, y) moves rows y, y + 8, ... of a tile, first of the source and then of the target. */
template <class Source, class Target>
__device__ void copyTransposed(const klr_copy_problem& p, const Source* source, Target* target, unsigned char* shared) {
    using Wide = decltype(read(Source()));
    Wide* tile = reinterpret_cast<Wide*>(shared);
    int64_t acrossTiles = divideUp(p.cols, TILE);
    int64_t tiles = acrossTiles * divideUp(p.rows, TILE);
    int x = threadIdx.x % TILE;
    for (int64_t t = blockIdx.x; t < tiles; t += gridDim.x) {
        int64_t row = t / acrossTiles * TILE;
        int64_t col = t % acrossTiles * TILE;
        for (int y = threadIdx.x / TILE; y < TILE; y += THREADS / TILE) {
            if (col + y < p.cols && row + x < p.rows) {
                tile[y * TILE_PITCH + x] = read(source[(col + y) * p.source_stride + row + x]);
            }
        }
        __syncthreads();
        for (int y = threadIdx.x / TILE; y < TILE; y += THREADS / TILE) {
            if (row + y < p.rows && col + x < p.cols) {
                write(target + (row + y) * p.target_stride + col + x, tile[x * TILE_PITCH + y]);
            }
        }
        __syncthreads();
    }
}

__global__ void __launch_bounds__(THREADS) copy(const __grid_constant__ Chunk<klr_copy_problem> chunk) {
    __shared__ __align__(16) unsigned char shared[TILE * TILE_PITCH * sizeof(double)];
    unsigned char* tile = shared;
    const klr_copy_problem& p = chunk.problems[blockIdx.y];
    withType(p.source_type, [&](auto* sourceType) {
        withType(p.target_type, [&](auto* targetType) {
            auto source = static_cast<decltype(sourceType)>(const_cast<void*>(p.source));
            auto target = static_cast<decltype(targetType)>(p.target);
            if (p.transposed) {
                copyTransposed(p, source, target, tile);
            } else {
                copyRows(p, source, target);
            }
        });
    });
}

klr_status enqueue(const Chunk<klr_copy_problem>& chunk, cudaStream_t stream) {
    int64_t tiles = largest(chunk, [](const klr_copy_problem& p) {
        return p.transposed ? divideUp(p.rows, TILE) * divideUp(p.cols, TILE) : divideUp(p.rows * p.cols, THREADS * 4);
    });
    dim3 grid = gridOf(tiles, chunk.count, ELEMENTWISE_BLOCKS);
    KLR_LAUNCH(copy, grid, THREADS, 0, stream, chunk);
    return launched(OPERATION);
}

void check(Check& c, const klr_copy_problem& p) {
    bool any = p.rows > 0 && p.cols > 0;
    c.size("rows", p.rows).size("cols", p.cols).anyType("source_type", p.source_type).anyType("target_type", p.target_type);
    c.that(p.transposed == 0 || p.transposed == 1, "transposed", p.transposed, "must be 0 or 1");
    c.that(p.target_stride >= p.cols, "target_stride", p.target_stride, "must be at least cols");
    int64_t width = p.transposed ? p.rows : p.cols;
    c.that(std::abs(p.source_stride) >= width, "source_stride", p.source_stride, "must span a source row, forwards or backwards");
    c.pointer("source", p.source, any).pointer("target", p.target, any);
}

}  // namespace
}  // namespace klr

klr_status klr_copy(const klr_copy_problem* problems, int64_t count, void* stream) {
    using namespace klr;
    auto queue = static_cast<cudaStream_t>(stream);
    return forBatch(OPERATION, problems, count, check, [=](const auto& chunk) { return enqueue(chunk, queue); });
}
