/* Devices, versions and the memory pool: what a program asks before it computes. */
#include "cudart/cudart.h"

#include <cstdint>
#include <cstring>

#include "core/control.h"
#include "core/memory.h"

using namespace emulated;

namespace {

thread_local int currentDevice = 0;

constexpr char DEVICE_NAME[] = "emulated on the host, no GPU";

struct Attribute {
    int attribute;
    int value;
};

/* A small device of compute capability 9.0. What is not listed is refused, so that nobody relies on a made-up value. */
const Attribute ATTRIBUTES[] = {
    {1, 1024},   /* maxThreadsPerBlock */
    {8, 49152},  /* maxSharedMemoryPerBlock */
    {10, 32},    /* warpSize */
    {16, 1},     /* multiProcessorCount */
    {18, 0},     /* integrated */
    {39, 2048},  /* maxThreadsPerMultiProcessor */
    {41, 1},     /* unifiedAddressing */
    {75, 9},     /* computeCapabilityMajor */
    {76, 0},     /* computeCapabilityMinor */
    {83, 0},     /* managedMemory */
    {88, 0},     /* pageableMemoryAccess */
    {115, 1},    /* memoryPoolsSupported */
};

/* Size and places of the fields of cudaDeviceProp that are filled; all others are zero. */
constexpr size_t PROPERTIES_BYTES = 1008;
enum Field : size_t {
    TOTAL_MEMORY = 288,
    SHARED_PER_BLOCK = 296,
    WARP_SIZE = 308,
    THREADS_PER_BLOCK = 320,
    MAJOR = 360,
    MINOR = 364,
    MULTIPROCESSORS = 384,
};

template <class T>
void put(void* properties, Field field, T value) {
    memcpy(static_cast<char*>(properties) + field, &value, sizeof value);
}

char pool; /* its address is the default pool of every device */

void checkDevice(Call& call, int device) {
    call.requireOr(CUDA_INVALID_DEVICE, device >= 0 && device < deviceCount(), "device %d of %d", device, deviceCount());
}

int version(const char* function, int* place, int value) {
    return runtimeCall(function, CUDA_UNKNOWN, Call::FALLIBLE, [&](Call& call) {
        call.host("version", place);
        *place = value;
        return CUDA_SUCCESS;
    });
}

}  // namespace

int cudaGetDeviceCount(int* count) {
    return runtimeCall(__func__, CUDA_UNKNOWN, Call::FALLIBLE, [&](Call& call) {
        call.host("count", count);
        *count = 0;
        if (int status = deviceStatus()) return status;
        *count = deviceCount();
        return int(CUDA_SUCCESS);
    });
}

int cudaSetDevice(int device) {
    return deviceCall(__func__, [&](Call& call) {
        checkDevice(call, device);
        currentDevice = device;
        return CUDA_SUCCESS;
    });
}

int cudaGetDevice(int* device) {
    return deviceCall(__func__, [&](Call& call) {
        call.host("device", device);
        *device = currentDevice;
        return CUDA_SUCCESS;
    });
}

int cudaDeviceGetAttribute(int* value, int attribute, int device) {
    return deviceCall(__func__, [&](Call& call) {
        call.host("value", value);
        checkDevice(call, device);
        for (const Attribute& known : ATTRIBUTES) {
            if (known.attribute != attribute) continue;
            *value = known.value;
            return CUDA_SUCCESS;
        }
        call.unsupported(CUDA_NOT_SUPPORTED, "attribute %d", attribute);
    });
}

int cudaGetDeviceProperties(void* properties, int device) {
    return deviceCall(__func__, [&](Call& call) {
        call.host("properties", properties);
        checkDevice(call, device);
        memset(properties, 0, PROPERTIES_BYTES);
        memcpy(properties, DEVICE_NAME, sizeof DEVICE_NAME);
        put(properties, TOTAL_MEMORY, size_t(deviceMemory()));
        put(properties, SHARED_PER_BLOCK, size_t(49152));
        put(properties, WARP_SIZE, 32);
        put(properties, THREADS_PER_BLOCK, 1024);
        put(properties, MAJOR, 9);
        put(properties, MINOR, 0);
        put(properties, MULTIPROCESSORS, 1);
        return CUDA_SUCCESS;
    });
}

int cudaDriverGetVersion(int* place) {
    return version(__func__, place, driverVersion());
}

int cudaRuntimeGetVersion(int* place) {
    return version(__func__, place, runtimeVersion());
}

int cudaDeviceSynchronize() {
    return deviceCall(__func__, [&](Call& call) {
        waitForDevice();
        checkGuards(call);
        return takeFailure();
    });
}

int cudaDeviceGetDefaultMemPool(void** place, int device) {
    return deviceCall(__func__, [&](Call& call) {
        call.require(place != nullptr, "the place for the pool is null");
        checkDevice(call, device);
        *place = &pool;
        return CUDA_SUCCESS;
    });
}

int cudaMemPoolSetAttribute(void* asked, int attribute, void* value) {
    return deviceCall(__func__, [&](Call& call) {
        call.require(asked == &pool, "%p is not the default pool, the only one there is", asked);
        call.require(attribute >= 1 && attribute <= 8, "attribute %d is not defined", attribute);
        call.host("value", value);
        return CUDA_SUCCESS;
    });
}
