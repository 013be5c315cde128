/* Allocation, copies and fills. Every range is checked against the live allocations, and every copy against its direction. */
#include "cudart/cudart.h"

#include <cstring>

#include "core/control.h"
#include "core/memory.h"

using namespace emulated;

namespace {

enum { HOST_TO_HOST = 0, HOST_TO_DEVICE = 1, DEVICE_TO_HOST = 2, DEVICE_TO_DEVICE = 3, DEFAULT_DIRECTION = 4 };

struct PointerAttributes {
    int type; /* 0 unregistered, 1 host, 2 device */
    int device;
    void* devicePointer;
    void* hostPointer;
    long reserved[8];
};

int allocateFor(Call& call, void** pointer, size_t bytes, Place place) {
    call.require(pointer != nullptr, "the place for the pointer is null");
    *pointer = nullptr;
    if (bytes == 0) return CUDA_SUCCESS;
    *pointer = allocate(bytes, place);
    return *pointer == nullptr ? CUDA_MEMORY_ALLOCATION : CUDA_SUCCESS;
}

/* Freeing null does nothing, as in the real library. */
int releaseFor(Call& call, void* pointer, bool pinned, bool needsPool) {
    if (pointer == nullptr) return CUDA_SUCCESS;
    const Allocation* allocation = findAllocation(pointer);
    call.require(allocation != nullptr && allocation->base == pointer, "%p is not the start of an allocation", pointer);
    call.require(allocation->live, "%p was freed before", pointer);
    call.require((allocation->place == Place::PINNED) == pinned, "%p is %s memory", pointer, pinned ? "device" : "page-locked host");
    call.require(!needsPool || allocation->place == Place::POOL, "%p was not allocated by cudaMallocAsync", pointer);
    release(call, *allocation);
    return CUDA_SUCCESS;
}

bool inDeviceMemory(const void* pointer) {
    const Allocation* allocation = findAllocation(pointer);
    return allocation != nullptr && allocation->place != Place::PINNED;
}

/* One side of a copy: `bytes` of the place that the direction says. */
void checkSide(Call& call, const char* argument, const void* pointer, size_t bytes, int kind, bool onDevice) {
    if (kind == DEFAULT_DIRECTION) onDevice = inDeviceMemory(pointer);
    if (onDevice) {
        call.device(argument, pointer, bytes, 1);
        return;
    }
    call.host(argument, pointer);
    const Allocation* pinned = findAllocation(pointer);
    if (pinned == nullptr) return;
    call.require(pinned->live, "%s = %p is page-locked memory that was freed", argument, pointer);
    size_t offset = size_t(static_cast<const char*>(pointer) - pinned->base);
    call.require(offset + bytes <= pinned->bytes, "%s needs %zu bytes at offset %zu of %zu page-locked bytes", argument, bytes, offset,
                 pinned->bytes);
}

struct Copy {
    void* target;
    size_t targetPitch;
    const void* source;
    size_t sourcePitch;
    size_t width;
    size_t height;
    int kind;
};

int copy(const char* function, const Copy& c, void* stream) {
    return deviceCall(function, [&](Call& call) {
        call.stream(stream, CUDA_INVALID_RESOURCE_HANDLE);
        call.requireOr(CUDA_INVALID_MEMCPY_DIRECTION, c.kind >= HOST_TO_HOST && c.kind <= DEFAULT_DIRECTION, "kind %d is not defined", c.kind);
        call.require(c.height <= 1 || (c.targetPitch >= c.width && c.sourcePitch >= c.width), "pitches %zu and %zu but the width is %zu",
                     c.targetPitch, c.sourcePitch, c.width);
        if (c.width == 0 || c.height == 0) return CUDA_SUCCESS;
        size_t targetBytes = (c.height - 1) * c.targetPitch + c.width, sourceBytes = (c.height - 1) * c.sourcePitch + c.width;
        checkSide(call, "target", c.target, targetBytes, c.kind, c.kind == HOST_TO_DEVICE || c.kind == DEVICE_TO_DEVICE);
        checkSide(call, "source", c.source, sourceBytes, c.kind, c.kind == DEVICE_TO_HOST || c.kind == DEVICE_TO_DEVICE);
        for (size_t row = 0; row < c.height; row++) {
            char* target = static_cast<char*>(c.target) + row * c.targetPitch;
            const char* source = static_cast<const char*>(c.source) + row * c.sourcePitch;
            call.require(target + c.width <= source || source + c.width <= target, "row %zu of target and source overlap", row);
            memcpy(target, source, c.width);
        }
        return CUDA_SUCCESS;
    });
}

int fill(const char* function, void* target, int value, size_t bytes, void* stream) {
    return deviceCall(function, [&](Call& call) {
        call.stream(stream, CUDA_INVALID_RESOURCE_HANDLE);
        call.device("target", target, bytes, 1);
        if (bytes > 0) memset(target, value, bytes);
        return CUDA_SUCCESS;
    });
}

template <class Body>
int allocation(const char* function, Body body) {
    return runtimeCall(function, CUDA_MEMORY_ALLOCATION, Call::FALLIBLE, [&](Call& call) {
        call.deviceExists(deviceStatus());
        return body(call);
    });
}

template <class Body>
int freeing(const char* function, Body body) {
    return runtimeCall(function, CUDA_LAUNCH_FAILURE, Call::RELEASE, body);
}

}  // namespace

int cudaMemGetInfo(size_t* free, size_t* total) {
    return deviceCall(__func__, [&](Call& call) {
        call.require(free != nullptr && total != nullptr, "free or total is null");
        *total = size_t(deviceMemory());
        *free = *total > deviceBytesInUse() ? *total - deviceBytesInUse() : 0;
        return CUDA_SUCCESS;
    });
}

int cudaMalloc(void** pointer, size_t bytes) {
    return allocation(__func__, [&](Call& call) { return allocateFor(call, pointer, bytes, Place::DEVICE); });
}

int cudaMallocAsync(void** pointer, size_t bytes, void* stream) {
    return allocation(__func__, [&](Call& call) {
        call.stream(stream, CUDA_INVALID_RESOURCE_HANDLE);
        call.require(bytes > 0, "0 bytes are asked for; the real function does not promise what happens then");
        return allocateFor(call, pointer, bytes, Place::POOL);
    });
}

int cudaMallocHost(void** pointer, size_t bytes) {
    return allocation(__func__, [&](Call& call) { return allocateFor(call, pointer, bytes, Place::PINNED); });
}

int cudaHostAlloc(void** pointer, size_t bytes, unsigned flags) {
    return allocation(__func__, [&](Call& call) {
        call.require(flags <= 7, "flags are 0x%x but only 0x7 is defined", flags);
        return allocateFor(call, pointer, bytes, Place::PINNED);
    });
}

int cudaFree(void* pointer) {
    return freeing(__func__, [&](Call& call) { return releaseFor(call, pointer, false, false); });
}

int cudaFreeAsync(void* pointer, void* stream) {
    return freeing(__func__, [&](Call& call) {
        call.stream(stream, CUDA_INVALID_RESOURCE_HANDLE);
        return releaseFor(call, pointer, false, true);
    });
}

int cudaFreeHost(void* pointer) {
    return freeing(__func__, [&](Call& call) { return releaseFor(call, pointer, true, false); });
}

int cudaPointerGetAttributes(void* attributes, const void* pointer) {
    return deviceCall(__func__, [&](Call& call) {
        call.host("attributes", attributes);
        PointerAttributes found{};
        const Allocation* allocation = findAllocation(pointer);
        if (allocation != nullptr && allocation->live) {
            bool pinned = allocation->place == Place::PINNED;
            found.type = pinned ? 1 : 2;
            found.devicePointer = const_cast<void*>(pointer);
            found.hostPointer = pinned ? const_cast<void*>(pointer) : nullptr;
        } else {
            found.device = -2; /* cudaInvalidDeviceId: plain host memory belongs to no device */
            found.hostPointer = const_cast<void*>(pointer);
        }
        memcpy(attributes, &found, sizeof found);
        return CUDA_SUCCESS;
    });
}

int cudaMemcpy(void* target, const void* source, size_t bytes, int kind) {
    return copy(__func__, {target, 0, source, 0, bytes, 1, kind}, nullptr);
}

int cudaMemcpyAsync(void* target, const void* source, size_t bytes, int kind, void* stream) {
    return copy(__func__, {target, 0, source, 0, bytes, 1, kind}, stream);
}

int cudaMemcpy2DAsync(void* target, size_t targetPitch, const void* source, size_t sourcePitch, size_t width, size_t height, int kind,
                      void* stream) {
    return copy(__func__, {target, targetPitch, source, sourcePitch, width, height, kind}, stream);
}

int cudaMemset(void* target, int value, size_t bytes) {
    return fill(__func__, target, value, bytes, nullptr);
}

int cudaMemsetAsync(void* target, int value, size_t bytes, void* stream) {
    return fill(__func__, target, value, bytes, stream);
}
