/*
 * CUDA as the kernels see it: the toolkit's own, or in the emulated build the shim's (test/shim). All that differs between the two builds
 * is in this file.
 */
#pragma once

#include <cstdint>

#ifdef KLR_EMULATED

#include "emulated_cuda.h"

namespace klr {
constexpr int ON_DEVICE = 0;
/* Blocks one problem of an element-wise kernel gets at most; few here, so that tests see threads take several elements. */
constexpr int64_t ELEMENTWISE_BLOCKS = 3;
}  // namespace klr

#define KLR_LAUNCH(kernel, grid, threads, sharedBytes, stream, ...)                                            \
    do {                                                                                                       \
        auto launch = [=] { return klr::emulated::launch(grid, threads, sharedBytes, [=] { kernel(__VA_ARGS__); }); }; \
        if (!klr::emulated::fits(kernel, sharedBytes) || !klr::emulated::enqueue(#kernel, stream, launch)) {   \
            klr::emulated::lastError = klr::emulated::cudaErrorLaunchFailure;                                  \
        }                                                                                                      \
    } while (0)

#define KLR_DYNAMIC_SHARED(Type, name) Type* name = static_cast<Type*>(klr::emulated::dynamicShared())

#else

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

namespace klr {
constexpr int ON_DEVICE = 1;
/* Blocks one problem of an element-wise kernel gets at most: about eight for each SM of a large GPU. */
constexpr int64_t ELEMENTWISE_BLOCKS = 1024;
}  // namespace klr

#define KLR_LAUNCH(kernel, grid, threads, sharedBytes, stream, ...) kernel<<<grid, threads, sharedBytes, stream>>>(__VA_ARGS__)

#define KLR_DYNAMIC_SHARED(Type, name)                            \
    extern __shared__ __align__(16) unsigned char klr_shared[];   \
    Type* name = reinterpret_cast<Type*>(klr_shared)

#endif
