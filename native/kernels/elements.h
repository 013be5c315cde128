/* How a thread of an element-wise kernel finds its share of the elements, and moves them. */
#pragma once

#include "device.h"
#include "klr.h"

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

/* The value of any element, exactly. */
__device__ inline float read(float value) { return value; }
__device__ inline double read(double value) { return value; }
__device__ inline float read(__half value) { return __half2float(value); }
__device__ inline float read(__nv_bfloat16 value) { return __bfloat162float(value); }

/* body(null pointer of the element's C++ type). */
template <class Body>
__device__ void withType(int64_t type, Body body) {
    switch (type) {
        case KLR_F32: body(static_cast<float*>(nullptr)); break;
        case KLR_F64: body(static_cast<double*>(nullptr)); break;
        case KLR_F16: body(static_cast<__half*>(nullptr)); break;
        default: body(static_cast<__nv_bfloat16*>(nullptr));
    }
}

}  // namespace klr
