/*
 * target <- factor * source + kept * target, or with the source transposed; rounded to nearest where the target's type
 * is narrower.
 *
 * target [rows x cols], source [rows x cols] or, transposed, [cols x rows]; any of f32, f64, f16, bf16 on either side,
 * with strides between rows. Computed in float32, or in float64 where one side is float64: factor 1 and kept 0 copy a
 * value, rounded once. A transpose goes through a tile of 32 x 32 in shared memory, so that both sides are read and
 * written along their rows: bound by memory bandwidth.
 */
#include <cstdlib>
#include <type_traits>

#include "border.h"

namespace klr {
namespace {

constexpr const char* OPERATION = "klr_combine";
constexpr int TILE = 32;
constexpr int ROWS = 8;
constexpr int THREADS = TILE * ROWS;
constexpr int BATCH = TILE / ROWS; /* elements that a thread reads before it writes one, so that their loads overlap */
constexpr int TILE_PITCH = TILE + 1; /* columns of the tile fall into different banks */

__device__ void write(float* target, float value) { *target = value; }
__device__ void write(float* target, double value) { *target = static_cast<float>(value); }
__device__ void write(double* target, double value) { *target = value; }
__device__ void write(__half* target, float value) { *target = __float2half_rn(value); }
__device__ void write(__half* target, double value) { *target = __double2half(value); }
__device__ void write(__nv_bfloat16* target, float value) { *target = __float2bfloat16_rn(value); }
__device__ void write(__nv_bfloat16* target, double value) { *target = __double2bfloat16(value); }

/* The factors in the type of the sum, which is float64 where one side is. */
template <class Source, class Target>
struct Combination {
    using Value = decltype(read(Source()));
    using Sum = std::common_type_t<Value, decltype(read(Target()))>;
    Sum factor;
    Sum kept;

    __device__ explicit Combination(const klr_combine_problem& p)
        : factor(static_cast<Sum>(p.factor)), kept(static_cast<Sum>(p.kept)) {}

    /* A target that is null is passed over. */
    __device__ void store(Target* const (&targets)[BATCH], const Value (&values)[BATCH]) const {
        Sum sums[BATCH];
#pragma unroll
        for (int i = 0; i < BATCH; i++) {
            sums[i] = factor * values[i];
        }
        if (kept != 0) {
#pragma unroll
            for (int i = 0; i < BATCH; i++) {
                sums[i] += targets[i] == nullptr ? 0 : kept * read(*targets[i]);
            }
        }
#pragma unroll
        for (int i = 0; i < BATCH; i++) {
            if (targets[i] != nullptr) {
                write(targets[i], sums[i]);
            }
        }
    }
};

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
__device__ void combineRows(const klr_combine_problem& p, const Source* source, Target* target) {
    const Combination<Source, Target> combination(p);
    int64_t elements = p.rows * p.cols;
    bool contiguous = (p.source_stride == p.cols && p.target_stride == p.cols) || p.rows == 1;
    for (int64_t start = firstElement(); start < elements; start += BATCH * elementStride()) {
        Target* targets[BATCH];
        typename Combination<Source, Target>::Value values[BATCH];
#pragma unroll
        for (int k = 0; k < BATCH; k++) {
            int64_t i = start + k * elementStride();
            int64_t row = 0;
            int64_t col = i;
            if (!contiguous) {
                split(i, p.cols, &row, &col);
            }
            bool inside = i < elements;
            values[k] = inside ? read(source[row * p.source_stride + col]) : 0;
            targets[k] = inside ? target + row * p.target_stride + col : nullptr;
        }
        combination.store(targets, values);
    }
}

/*
 * Tiles of target rows and columns; thread (x, y) moves rows y, y + 8, ... of a tile, first of the source and then of
 * the target.
 */
template <class Source, class Target>
__device__ void combineTransposed(const klr_combine_problem& p, const Source* source, Target* target,
                                  unsigned char* shared) {
    using Value = typename Combination<Source, Target>::Value;
    const Combination<Source, Target> combination(p);
    Value* tile = reinterpret_cast<Value*>(shared);
    int64_t acrossTiles = divideUp(p.cols, TILE);
    int64_t tiles = acrossTiles * divideUp(p.rows, TILE);
    int x = threadIdx.x % TILE;
    for (int64_t t = blockIdx.x; t < tiles; t += gridDim.x) {
        int64_t row = t / acrossTiles * TILE;
        int64_t col = t % acrossTiles * TILE;
        Target* targets[BATCH];
        Value values[BATCH];
#pragma unroll
        for (int k = 0; k < BATCH; k++) {
            int y = threadIdx.x / TILE + k * ROWS;
            if (col + y < p.cols && row + x < p.rows) {
                tile[y * TILE_PITCH + x] = read(source[(col + y) * p.source_stride + row + x]);
            }
        }
        __syncthreads();
#pragma unroll
        for (int k = 0; k < BATCH; k++) {
            int y = threadIdx.x / TILE + k * ROWS;
            bool inside = row + y < p.rows && col + x < p.cols;
            values[k] = inside ? tile[x * TILE_PITCH + y] : 0;
            targets[k] = inside ? target + (row + y) * p.target_stride + col + x : nullptr;
        }
        combination.store(targets, values);
        __syncthreads();
    }
}

template <class Batch>
__global__ void __launch_bounds__(THREADS) combine(const __grid_constant__ Batch chunk) {
    __shared__ __align__(16) unsigned char shared[TILE * TILE_PITCH * sizeof(double)];
    unsigned char* tile = shared;
    const klr_combine_problem& p = chunk.problems[blockIdx.y];
    withType(p.source_type, [&](auto* sourceType) {
        withType(p.target_type, [&](auto* targetType) {
            auto source = static_cast<decltype(sourceType)>(const_cast<void*>(p.source));
            auto target = static_cast<decltype(targetType)>(p.target);
            if (p.transposed) {
                combineTransposed(p, source, target, tile);
            } else {
                combineRows(p, source, target);
            }
        });
    });
}

template <class Batch>
klr_status enqueue(const Batch& chunk, cudaStream_t stream) {
    int64_t blocks = largest(chunk, [](const klr_combine_problem& p) {
        int64_t tiles = divideUp(p.rows, TILE) * divideUp(p.cols, TILE);
        return p.transposed ? tiles : divideUp(p.rows * p.cols, THREADS * BATCH);
    });
    dim3 grid = gridOf(blocks, chunk.count, ELEMENTWISE_BLOCKS);
    KLR_LAUNCH(combine<Batch>, grid, THREADS, 0, stream, chunk);
    return launched(OPERATION);
}

void check(Check& c, const klr_combine_problem& p) {
    bool any = p.rows > 0 && p.cols > 0;
    c.size("rows", p.rows).size("cols", p.cols).anyType("source_type", p.source_type).anyType("target_type", p.target_type);
    c.that(p.transposed == 0 || p.transposed == 1, "transposed", p.transposed, "must be 0 or 1");
    c.that(p.target_stride >= p.cols, "target_stride", p.target_stride, "must be at least cols");
    int64_t width = p.transposed ? p.rows : p.cols;
    c.that(std::abs(p.source_stride) >= width, "source_stride", p.source_stride, "must span a source row, forwards or backwards");
    c.pointer("source", p.source, any).pointer("target", p.target, any);
    c.finite("factor", p.factor).finite("kept", p.kept);
}

}  // namespace
}  // namespace klr

klr_status klr_combine(const klr_combine_problem* problems, int64_t count, void* stream) {
    using namespace klr;
    auto queue = static_cast<cudaStream_t>(stream);
    return forBatch(OPERATION, problems, count, check, [=](const auto& chunk) { return enqueue(chunk, queue); });
}
