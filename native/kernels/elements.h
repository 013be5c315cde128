/* How a thread of an element-wise kernel finds its share of the elements, and moves them. */
#pragma once

#include "device.h"

namespace klr {

/* Sixteen bytes that are moved in one access; the pointer must be a multiple of sixteen. */
template <class T>
struct __align__(16) Pack {
    static constexpr int LENGTH = 16 / sizeof(T);
    T values[LENGTH];
};

__host__ __device__ inline bool isPackAligned(const void* pointer) {
    return reinterpret_cast<uintptr_t>(pointer) % 16 == 0;
}

/* First element and stride of this thread when all blocks with its blockIdx.y share the elements of one problem. */
__device__ inline int64_t firstElement() {
    return static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
}
__device__ inline int64_t elementStride() {
    return static_cast<int64_t>(gridDim.x) * blockDim.x;
}

}  // namespace klr
