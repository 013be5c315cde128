/*
 * result <- Frobenius norm and largest magnitude of values.
 *
 * values [elements] f32 or f64, result [2] f64, scratch [KLR_MAGNITUDE_SCRATCH] f64 for each problem, all device. Up to
 * 64 blocks for each problem read its elements once and leave their sums in the scratch; a second launch adds these.
 * How the elements are shared out and the trees of sums depend on the number of elements only: the same bits every
 * time. Bound by memory bandwidth.
 *
 * Squares of float32 fit float64. Those of float64 are summed in three sizes, the small and the large ones scaled (Blue
 * 1978), so that nothing overflows or vanishes.
 */
#include "border.h"

namespace klr {
namespace {

constexpr const char* OPERATION = "klr_magnitudes";
constexpr int THREADS = 256;
constexpr int BATCH = 4;   /* packs that a thread reads before it adds one, so that their loads overlap */
constexpr int SLICES = 64; /* blocks of one problem at most; one thread each adds their sums */
constexpr int64_t SLICE = int64_t{32} * THREADS; /* elements that repay a block */
constexpr double SMALL = 0x1p-500; /* below it squares lose bits, to their vanishing */
constexpr double LARGE = 0x1p480;  /* above it sums of squares could overflow */
constexpr double SCALE = 0x1p600;  /* the small numbers times SCALE are below 2^100, the large ones by it below 2^424 */

/* Sums of squares: of small numbers times SCALE, of numbers between, of large numbers divided by SCALE. */
struct Sums {
    double small;
    double medium; /* NaN where one of the numbers is */
    double large;
    double largest; /* magnitude of a number */
};
static_assert(KLR_MAGNITUDE_SCRATCH * sizeof(double) == SLICES * sizeof(Sums), "scratch holds the sums of all slices");

/* NaN is passed over; it shows in the sums. */
template <class T>
__device__ T larger(T one, T other) {
    return other > one ? other : one;
}

__device__ void addSquare(Sums& sums, float value) {
    double wide = value;
    sums.medium += wide * wide;
}

__device__ void addSquare(Sums& sums, double value) {
    double magnitude = fabs(value);
    if (magnitude < SMALL) {
        double scaled = value * SCALE;
        sums.small += scaled * scaled;
    } else if (magnitude > LARGE) {
        double scaled = value * (1 / SCALE);
        sums.large += scaled * scaled;
    } else {
        sums.medium += value * value;
    }
}

/* Pack i of `packs`, or zeros. */
template <bool ALIGNED, class T>
__device__ Pack<T> packAt(const T* values, int64_t i, int64_t packs) {
    Pack<T> pack{};
    if (i < packs && ALIGNED) {
        pack = reinterpret_cast<const Pack<T>*>(values)[i];
    } else if (i < packs) {
#pragma unroll
        for (int lane = 0; lane < Pack<T>::LENGTH; lane++) {
            pack.values[lane] = values[i * Pack<T>::LENGTH + lane];
        }
    }
    return pack;
}

/* What this thread adds up where `slices` blocks share the elements; it takes the same ones wherever they lie. */
template <bool ALIGNED, class T>
__device__ Sums slice(const T* values, int64_t elements, int64_t slices) {
    constexpr int LENGTH = Pack<T>::LENGTH;
    int64_t packs = elements / LENGTH;
    int64_t stride = slices * THREADS;
    T largest = 0;
    Sums sums{};
    auto include = [&](T value) {
        addSquare(sums, value);
        largest = larger<T>(largest, fabs(value));
    };
    for (int64_t start = firstElement(); start < packs; start += BATCH * stride) {
        Pack<T> batch[BATCH];
#pragma unroll
        for (int i = 0; i < BATCH; i++) {
            batch[i] = packAt<ALIGNED>(values, start + i * stride, packs);
        }
#pragma unroll
        for (int i = 0; i < BATCH * LENGTH; i++) {
            include(batch[i / LENGTH].values[i % LENGTH]);
        }
    }
    int64_t rest = packs * LENGTH + firstElement();
    if (rest < elements) {
        include(values[rest]);
    }
    sums.largest = largest;
    return sums;
}

template <class T>
__device__ Sums slice(const void* values, int64_t elements, int64_t slices) {
    auto typed = static_cast<const T*>(values);
    return isPackAligned(values) ? slice<true>(typed, elements, slices) : slice<false>(typed, elements, slices);
}

/* The sum over the threads of a block, a power of two, by halves; for thread 0. */
__device__ Sums sumOfBlock(Sums* shared, const Sums& own) {
    shared[threadIdx.x] = own;
    __syncthreads();
    for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) {
            Sums& one = shared[threadIdx.x];
            const Sums& other = shared[threadIdx.x + half];
            one = {one.small + other.small, one.medium + other.medium, one.large + other.large,
                   larger(one.largest, other.largest)};
        }
        __syncthreads();
    }
    return shared[0];
}

/* Blocks that share a problem. */
__host__ __device__ inline int64_t slicesOf(int64_t elements) {
    int64_t slices = divideUp(elements, SLICE);
    return slices < SLICES ? slices : SLICES;
}

template <class Batch>
__global__ void __launch_bounds__(THREADS) sumSlices(const __grid_constant__ Batch chunk, Sums* scratch) {
    __shared__ Sums shared[THREADS];
    const klr_magnitude_problem& p = chunk.problems[blockIdx.y];
    int64_t slices = slicesOf(p.elements);
    if (blockIdx.x >= slices) {
        return; /* the whole block */
    }
    Sums own = p.type == KLR_F32 ? slice<float>(p.values, p.elements, slices)
                                 : slice<double>(p.values, p.elements, slices);
    Sums sums = sumOfBlock(shared, own);
    if (threadIdx.x == 0) {
        scratch[(chunk.first + blockIdx.y) * SLICES + blockIdx.x] = sums;
    }
}

/* Of the small and the large sum only one matters. */
__device__ double norm(const Sums& s) {
    if (s.large > 0) {
        return sqrt(s.large + s.medium * (1 / SCALE) * (1 / SCALE)) * SCALE;
    }
    return s.medium == 0 ? sqrt(s.small) * (1 / SCALE) : sqrt(s.medium + s.small * (1 / SCALE) * (1 / SCALE));
}

template <class Batch>
__global__ void __launch_bounds__(SLICES) sumProblems(const __grid_constant__ Batch chunk, const Sums* scratch) {
    __shared__ Sums shared[SLICES];
    const klr_magnitude_problem& p = chunk.problems[blockIdx.y];
    Sums own{};
    if (threadIdx.x < slicesOf(p.elements)) {
        own = scratch[(chunk.first + blockIdx.y) * SLICES + threadIdx.x];
    }
    Sums sums = sumOfBlock(shared, own);
    if (threadIdx.x == 0) {
        p.result[0] = norm(sums);
        p.result[1] = sums.medium != sums.medium ? sums.medium : sums.largest;
    }
}

template <class Batch>
klr_status enqueue(const Batch& chunk, Sums* scratch, cudaStream_t stream) {
    int64_t slices = largest(chunk, [](const klr_magnitude_problem& p) { return slicesOf(p.elements); });
    KLR_LAUNCH(sumSlices<Batch>, gridOf(slices, chunk.count, SLICES), THREADS, 0, stream, chunk, scratch);
    KLR_LAUNCH(sumProblems<Batch>, gridOf(1, chunk.count, 1), SLICES, 0, stream, chunk, scratch);
    return launched(OPERATION);
}

void check(Check& c, const klr_magnitude_problem& p) {
    c.elements("elements", p.elements).floatType("type", p.type);
    c.pointer("values", p.values, p.elements > 0).pointer("result", p.result, true);
}

}  // namespace
}  // namespace klr

klr_status klr_magnitudes(const klr_magnitude_problem* problems, int64_t count, double* scratch, void* stream) {
    using namespace klr;
    if (scratch == nullptr && count > 0) {
        return fail(KLR_BAD_ARGUMENT, "%s: scratch is null; must point to device memory", OPERATION);
    }
    auto sums = reinterpret_cast<Sums*>(scratch);
    auto queue = static_cast<cudaStream_t>(stream);
    return forBatch(OPERATION, problems, count, check, [=](const auto& chunk) { return enqueue(chunk, sums, queue); });
}
