/*
 * The part of the CUDA runtime's C interface that is emulated: names and signatures of version 13.1, enums as int, handles as void*.
 */
#pragma once

#include <cstddef>

#include "core/call.h"

namespace emulated {

enum CudaError {
    CUDA_SUCCESS = 0,
    CUDA_INVALID_VALUE = 1,
    CUDA_MEMORY_ALLOCATION = 2,
    CUDA_INITIALIZATION = 3,
    CUDA_INVALID_MEMCPY_DIRECTION = 21,
    CUDA_INSUFFICIENT_DRIVER = 35,
    CUDA_NO_DEVICE = 100,
    CUDA_INVALID_DEVICE = 101,
    CUDA_INVALID_RESOURCE_HANDLE = 400,
    CUDA_NOT_READY = 600,
    CUDA_ILLEGAL_ADDRESS = 700,
    CUDA_LAUNCH_FAILURE = 719,
    CUDA_NOT_SUPPORTED = 801,
    CUDA_UNKNOWN = 999
};

/* Remembers an error for cudaGetLastError of this thread; returns it. */
int remember(int status);

/* The status that stands for "there is no usable device", or CUDA_SUCCESS. */
int deviceStatus();

/*
 * Runs the body of a runtime function and returns its status; `injected` is what it returns when the test wants it to fail.
 * The body throws Refused for arguments that break the contract.
 */
template <class Body>
int runtimeCall(const char* function, int injected, Call::Kind kind, Body body) {
    Call call(function, kind);
    if (call.injected()) return remember(injected);
    try {
        return remember(body(call));
    } catch (const Refused& refused) {
        return remember(refused.status == 0 ? int(CUDA_INVALID_VALUE) : refused.status);
    }
}

/* A runtime function that needs a device and allocates nothing. */
template <class Body>
int deviceCall(const char* function, Body body) {
    return runtimeCall(function, CUDA_LAUNCH_FAILURE, Call::FALLIBLE, [&](Call& call) {
        call.deviceExists(deviceStatus());
        return body(call);
    });
}

}  // namespace emulated

extern "C" {

int cudaGetDeviceCount(int* count);
int cudaSetDevice(int device);
int cudaGetDevice(int* device);
int cudaDeviceGetAttribute(int* value, int attribute, int device);
int cudaGetDeviceProperties(void* properties, int device);
int cudaDriverGetVersion(int* version);
int cudaRuntimeGetVersion(int* version);
int cudaDeviceSynchronize();
int cudaDeviceGetDefaultMemPool(void** pool, int device);
int cudaMemPoolSetAttribute(void* pool, int attribute, void* value);

int cudaMemGetInfo(size_t* free, size_t* total);
int cudaMalloc(void** pointer, size_t bytes);
int cudaFree(void* pointer);
int cudaMallocAsync(void** pointer, size_t bytes, void* stream);
int cudaFreeAsync(void* pointer, void* stream);
int cudaMallocHost(void** pointer, size_t bytes);
int cudaHostAlloc(void** pointer, size_t bytes, unsigned flags);
int cudaFreeHost(void* pointer);
int cudaPointerGetAttributes(void* attributes, const void* pointer);

int cudaMemcpy(void* target, const void* source, size_t bytes, int kind);
int cudaMemcpyAsync(void* target, const void* source, size_t bytes, int kind, void* stream);
int cudaMemcpy2DAsync(void* target, size_t targetPitch, const void* source, size_t sourcePitch, size_t width, size_t height, int kind,
                      void* stream);
int cudaMemset(void* target, int value, size_t bytes);
int cudaMemsetAsync(void* target, int value, size_t bytes, void* stream);

int cudaStreamCreate(void** stream);
int cudaStreamCreateWithFlags(void** stream, unsigned flags);
int cudaStreamDestroy(void* stream);
int cudaStreamSynchronize(void* stream);
int cudaStreamWaitEvent(void* stream, void* event, unsigned flags);
int cudaEventCreate(void** event);
int cudaEventCreateWithFlags(void** event, unsigned flags);
int cudaEventRecord(void* event, void* stream);
int cudaEventSynchronize(void* event);
int cudaEventElapsedTime(float* milliseconds, void* start, void* end);
int cudaEventDestroy(void* event);

int cudaGetLastError();
int cudaPeekAtLastError();
const char* cudaGetErrorName(int status);
const char* cudaGetErrorString(int status);

}
