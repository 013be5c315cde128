/* The last error of a thread, and what errors are called. */
#include "cudart/cudart.h"

#include "core/control.h"

using namespace emulated;

namespace {

thread_local int lastError = CUDA_SUCCESS;

struct Name {
    int status;
    const char* name;
    const char* text;
};

const Name NAMES[] = {
    {CUDA_SUCCESS, "cudaSuccess", "no error"},
    {CUDA_INVALID_VALUE, "cudaErrorInvalidValue", "invalid argument"},
    {CUDA_MEMORY_ALLOCATION, "cudaErrorMemoryAllocation", "out of memory"},
    {CUDA_INITIALIZATION, "cudaErrorInitializationError", "initialization error"},
    {CUDA_INVALID_MEMCPY_DIRECTION, "cudaErrorInvalidMemcpyDirection", "invalid copy direction for memcpy"},
    {CUDA_INSUFFICIENT_DRIVER, "cudaErrorInsufficientDriver", "CUDA driver version is insufficient for CUDA runtime version"},
    {CUDA_NO_DEVICE, "cudaErrorNoDevice", "no CUDA-capable device is detected"},
    {CUDA_INVALID_DEVICE, "cudaErrorInvalidDevice", "invalid device ordinal"},
    {CUDA_INVALID_RESOURCE_HANDLE, "cudaErrorInvalidResourceHandle", "invalid resource handle"},
    {CUDA_NOT_READY, "cudaErrorNotReady", "device not ready"},
    {CUDA_ILLEGAL_ADDRESS, "cudaErrorIllegalAddress", "an illegal memory access was encountered"},
    {CUDA_LAUNCH_FAILURE, "cudaErrorLaunchFailure", "unspecified launch failure"},
    {CUDA_NOT_SUPPORTED, "cudaErrorNotSupported", "operation not supported"},
    {CUDA_UNKNOWN, "cudaErrorUnknown", "unknown error"},
};

const Name UNRECOGNIZED = {-1, "unrecognized error code", "unrecognized error code"};

const Name& find(int status) {
    for (const Name& name : NAMES) {
        if (name.status == status) return name;
    }
    return UNRECOGNIZED;
}

}  // namespace

namespace emulated {

int remember(int status) {
    if (status != CUDA_SUCCESS) lastError = status;
    return status;
}

int deviceStatus() {
    if (driverVersion() < OLDEST_DRIVER) return CUDA_INSUFFICIENT_DRIVER;
    return deviceCount() == 0 ? CUDA_NO_DEVICE : CUDA_SUCCESS;
}

}  // namespace emulated

int cudaGetLastError() {
    Call call(__func__);
    if (call.injected()) return CUDA_LAUNCH_FAILURE;
    int status = lastError;
    lastError = CUDA_SUCCESS;
    return status;
}

int cudaPeekAtLastError() {
    Call call(__func__);
    return call.injected() ? int(CUDA_LAUNCH_FAILURE) : lastError;
}

const char* cudaGetErrorName(int status) {
    return find(status).name;
}

const char* cudaGetErrorString(int status) {
    return find(status).text;
}
