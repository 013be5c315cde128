/*
 * values[i] <- +1 or -1 from the splitmix64 output for state seed + (i / 64 + 1) * 0x9E3779B97F4A7C15: bit 63 - i % 64 set means -1.
 *
 * values [elements] f32 or f64, device. Every thread computes the output anew for four signs in a row (a few integer operations against
 * sixteen or 32 bytes written), so no state is kept and the result does not depend on the grid. Splitmix64: Steele, Lea and Flood 2014.
 */
#include "border.h"

namespace klr {
namespace {

constexpr const char* OPERATION = "klr_random_signs";
constexpr int THREADS = 256;
constexpr int GROUP = 4; /* divides 64, so a group shares one output */

__device__ uint64_t splitmix64(uint64_t state) {
    state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9u;
    state = (state ^ (state >> 27)) * 0x94D049BB133111EBu;
    return state ^ (state >> 31);
}

template <class T>
__device__ void writeSigns(T* values, int64_t elements, uint64_t seed) {
    constexpr int LENGTH = Pack<T>::LENGTH;
    bool aligned = isPackAligned(values);
    for (int64_t group = firstElement(); group * GROUP < elements; group += elementStride()) {
        int64_t start = group * GROUP;
        uint64_t bits = splitmix64(seed + (static_cast<uint64_t>(start) / 64 + 1) * 0x9E3779B97F4A7C15u) << (start % 64);
        Pack<T> packs[GROUP / LENGTH];
#pragma unroll
        for (int i = 0; i < GROUP; i++) {
            packs[i / LENGTH].values[i % LENGTH] = (bits << i) >> 63 ? T(-1) : T(1);
        }
        if (aligned && start + GROUP <= elements) {
#pragma unroll
            for (int i = 0; i < GROUP / LENGTH; i++) {
                reinterpret_cast<Pack<T>*>(values + start)[i] = packs[i];
            }
        } else {
#pragma unroll
            for (int i = 0; i < GROUP; i++) {
                if (start + i < elements) {
                    values[start + i] = packs[i / LENGTH].values[i % LENGTH];
                }
            }
        }
    }
}

template <class Batch>
__global__ void __launch_bounds__(THREADS) signs(const __grid_constant__ Batch chunk) {
    const klr_signs_problem& p = chunk.problems[blockIdx.y];
    if (p.type == KLR_F32) {
        writeSigns(static_cast<float*>(p.values), p.elements, static_cast<uint64_t>(p.seed));
    } else {
        writeSigns(static_cast<double*>(p.values), p.elements, static_cast<uint64_t>(p.seed));
    }
}

template <class Batch>
klr_status enqueue(const Batch& chunk, cudaStream_t stream) {
    int64_t elements = largest(chunk, [](const klr_signs_problem& p) { return p.elements; });
    dim3 grid = gridOf(divideUp(elements, THREADS * GROUP), chunk.count, ELEMENTWISE_BLOCKS);
    KLR_LAUNCH(signs<Batch>, grid, THREADS, 0, stream, chunk);
    return launched(OPERATION);
}

}  // namespace
}  // namespace klr

klr_status klr_random_signs(const klr_signs_problem* problems, int64_t count, void* stream) {
    using namespace klr;
    auto check = [](Check& c, const klr_signs_problem& p) {
        c.elements("elements", p.elements).floatType("type", p.type).pointer("values", p.values, p.elements > 0);
    };
    auto queue = static_cast<cudaStream_t>(stream);
    return forBatch(OPERATION, problems, count, check, [=](const auto& chunk) { return enqueue(chunk, queue); });
}
