/*
 * *first <- index of the first array with NaN or a number of a magnitude beyond the array's limit, or count.
 *
 * values [elements] f32, f64, f16 or bf16, device; first [1] int64, device. Reads each element once, sixteen bytes at a time where the array is so
 * aligned: bound by memory bandwidth. Grid: blocks over the elements (x), one row of blocks per array (y).
 */
#include "border.h"

namespace klr {
namespace {

constexpr const char* OPERATION = "klr_first_beyond";
constexpr int THREADS = 256;

/* Written so that NaN is beyond; compared in the type of the value, as float32 is much faster on many devices. */
template <class T>
__device__ bool isBeyond(T value, double limit) {
    return !(fabs(value) <= static_cast<T>(limit));
}

/* Whether one of this thread's share of the elements is beyond the limit. */
template <class T>
__device__ bool meetsOneBeyond(const T* values, int64_t elements, double limit) {
    int64_t packs = isPackAligned(values) ? elements / Pack<T>::LENGTH : 0;
    const Pack<T>* packed = reinterpret_cast<const Pack<T>*>(values);
    bool found = false;
#pragma unroll 4
    for (int64_t i = firstElement(); i < packs; i += elementStride()) {
        Pack<T> pack = packed[i];
#pragma unroll
        for (int lane = 0; lane < Pack<T>::LENGTH; lane++) {
            found |= isBeyond(read(pack.values[lane]), limit);
        }
    }
    for (int64_t i = packs * Pack<T>::LENGTH + firstElement(); i < elements; i += elementStride()) {
        found |= isBeyond(read(values[i]), limit);
    }
    return found;
}

__global__ void noneYet(long long* first, int64_t count) {
    *first = count;
}

template <class Batch>
__global__ void __launch_bounds__(THREADS) search(const __grid_constant__ Batch chunk, long long* first) {
    const klr_array& array = chunk.problems[blockIdx.y];
    bool found = false;
    withType(array.type, [&](auto* type) {
        found = meetsOneBeyond(static_cast<decltype(type)>(const_cast<void*>(array.values)), array.elements, array.limit);
    });
    if (found) {
        atomicMin(first, static_cast<long long>(chunk.first + blockIdx.y));
    }
}

template <class Batch>
klr_status enqueue(const Batch& chunk, long long* first, cudaStream_t stream) {
    int64_t elements = largest(chunk, [](const klr_array& a) { return a.elements; });
    dim3 grid = gridOf(divideUp(elements, THREADS * 4), chunk.count, ELEMENTWISE_BLOCKS);
    KLR_LAUNCH(search<Batch>, grid, THREADS, 0, stream, chunk, first);
    return launched(OPERATION);
}

}  // namespace
}  // namespace klr

klr_status klr_first_beyond(const klr_array* arrays, int64_t count, int64_t* first, void* stream) {
    using namespace klr;
    static_assert(sizeof(long long) == sizeof(int64_t), "atomicMin takes long long");
    if (first == nullptr) {
        return fail(KLR_BAD_ARGUMENT, "%s: first is null; must point to one int64 of device memory", OPERATION);
    }
    auto check = [](Check& c, const klr_array& a) {
        c.elements("elements", a.elements).anyType("type", a.type).pointer("values", a.values, a.elements > 0);
        c.limit("limit", a.limit);
    };
    auto result = reinterpret_cast<long long*>(first);
    auto queue = static_cast<cudaStream_t>(stream);
    klr_status status = forBatch(OPERATION, arrays, count, check, [](const auto&) { return KLR_OK; });
    if (status == KLR_OK) {
        KLR_LAUNCH(noneYet, dim3(1), 1, 0, queue, result, count);
        status = launched(OPERATION);
    }
    auto nothing = [](Check&, const klr_array&) {};
    return status != KLR_OK ? status : forBatch(OPERATION, arrays, count, nothing, [=](const auto& chunk) {
        return enqueue(chunk, result, queue);
    });
}
