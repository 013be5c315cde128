/*
 * As much of CUDA's vocabulary as the kernels and their tests use, on host memory and host threads. The runtime here
 * knows no streams: whatever is enqueued has been done when the call returns, but for kernels in a process that holds
 * native/emulated.
 */
#pragma once

#include <atomic>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "emulated_threads.h"

#define __global__
#define __device__
#define __host__
#define __grid_constant__
#define __launch_bounds__(...)
#define __align__(bytes) __attribute__((aligned(bytes)))
#define __shared__ static

inline void __syncthreads() { klr::emulated::waitForBlock(); }
inline int __syncthreads_or(int mine) { return klr::emulated::anyOfBlock(mine != 0); }
inline void __syncwarp() { klr::emulated::waitForWarp(); }

inline long long atomicMin(long long* address, long long value) {
    long long old = __atomic_load_n(address, __ATOMIC_RELAXED);
    while (value < old && !__atomic_compare_exchange_n(address, &old, value, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
    }
    return old;
}

struct alignas(16) float4 {
    float x, y, z, w;
};
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }

struct alignas(16) double2 {
    double x, y;
};

struct __half {
    uint16_t bits;
};
struct __nv_bfloat16 {
    uint16_t bits;
};

namespace klr::emulated {

/* The bits of the nearest number with FRACTION fraction and EXPONENT exponent bits, ties to even; NaN becomes 0x7FFF. */
template <int FRACTION, int EXPONENT>
uint16_t narrow(double value) {
    constexpr int64_t BIAS = (int64_t{1} << (EXPONENT - 1)) - 1;
    constexpr int64_t INFINITE = ((int64_t{1} << EXPONENT) - 1) << FRACTION;
    if (std::isnan(value)) {
        return 0x7FFF;
    }
    int64_t sign = std::signbit(value) ? 0x8000 : 0;
    if (value == 0 || std::isinf(value)) {
        return static_cast<uint16_t>(sign | (value == 0 ? 0 : INFINITE));
    }
    int exponent = 0;
    double magnitude = std::fabs(value);
    std::frexp(magnitude, &exponent); /* magnitude = f 2^exponent, 1/2 <= f < 1 */
    exponent = exponent - 1 < 1 - BIAS ? static_cast<int>(1 - BIAS) : exponent - 1;
    int64_t steps = static_cast<int64_t>(std::nearbyint(std::ldexp(magnitude, FRACTION - exponent)));
    int64_t bits = ((exponent + BIAS - 1) << FRACTION) + steps; /* the leading one of `steps`, or a carry, counts the exponent up */
    return static_cast<uint16_t>(sign | (bits < INFINITE ? bits : INFINITE));
}

template <int FRACTION, int EXPONENT>
float widen(uint16_t bits) {
    constexpr int BIAS = (1 << (EXPONENT - 1)) - 1;
    int exponent = (bits >> FRACTION) & ((1 << EXPONENT) - 1);
    int fraction = bits & ((1 << FRACTION) - 1);
    float magnitude;
    if (exponent == (1 << EXPONENT) - 1) {
        magnitude = fraction == 0 ? INFINITY : NAN;
    } else if (exponent == 0) {
        magnitude = std::ldexp(static_cast<float>(fraction), 1 - BIAS - FRACTION);
    } else {
        magnitude = std::ldexp(static_cast<float>(fraction + (1 << FRACTION)), exponent - BIAS - FRACTION);
    }
    return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

}  // namespace klr::emulated

inline float __half2float(__half value) { return klr::emulated::widen<10, 5>(value.bits); }
inline float __bfloat162float(__nv_bfloat16 value) { return klr::emulated::widen<7, 8>(value.bits); }
inline __half __float2half_rn(float value) { return {klr::emulated::narrow<10, 5>(value)}; }
inline __half __double2half(double value) { return {klr::emulated::narrow<10, 5>(value)}; }
inline __nv_bfloat16 __float2bfloat16_rn(float value) { return {klr::emulated::narrow<7, 8>(value)}; }
inline __nv_bfloat16 __double2bfloat16(double value) { return {klr::emulated::narrow<7, 8>(value)}; }

/* The runtime. In a namespace of its own, as a process may hold functions of these names with C linkage. */
namespace klr::emulated {

using cudaStream_t = void*;
enum cudaError_t { cudaSuccess = 0, cudaErrorMemoryAllocation = 2, cudaErrorLaunchFailure = 719 };
enum cudaMemcpyKind { cudaMemcpyHostToDevice = 1, cudaMemcpyDeviceToHost = 2 };
enum cudaFuncAttribute { cudaFuncAttributeMaxDynamicSharedMemorySize = 8 };

inline thread_local cudaError_t lastError = cudaSuccess;

inline cudaError_t cudaGetLastError() {
    cudaError_t error = lastError;
    lastError = cudaSuccess;
    return error;
}
inline const char* cudaGetErrorString(cudaError_t error) {
    return error == cudaSuccess ? "no error" : "emulated launch or allocation failed";
}
inline cudaError_t cudaGetDeviceCount(int* count) {
    *count = 1;
    return cudaSuccess;
}
/* Bytes of dynamic shared memory that kernels of this type may take: as on a device, 48 KB until more is asked for. */
template <class Kernel>
inline std::atomic<size_t> sharedLimit{48 * 1024};
template <class Kernel>
cudaError_t cudaFuncSetAttribute(Kernel, cudaFuncAttribute, int bytes) {
    sharedLimit<Kernel> = static_cast<size_t>(bytes);
    return cudaSuccess;
}
template <class Kernel>
bool fits(Kernel, size_t sharedBytes) {
    return sharedBytes <= sharedLimit<Kernel>;
}
inline cudaError_t cudaMalloc(void** pointer, size_t bytes) {
    *pointer = std::malloc(bytes);
    return *pointer == nullptr ? cudaErrorMemoryAllocation : cudaSuccess;
}
inline cudaError_t cudaFree(void* pointer) {
    std::free(pointer);
    return cudaSuccess;
}
inline cudaError_t cudaMemcpy(void* target, const void* source, size_t bytes, cudaMemcpyKind) {
    if (bytes > 0) {
        std::memcpy(target, source, bytes);
    }
    return cudaSuccess;
}
inline cudaError_t cudaDeviceSynchronize() { return cudaSuccess; }

}  // namespace klr::emulated
using namespace klr::emulated;
