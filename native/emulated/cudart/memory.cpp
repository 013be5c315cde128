/*
 * Allocation, copies and fills. Every range is checked against the live allocations, and every copy against its
 * direction. When a copy waits is said in "API synchronization behavior" of the CUDA runtime's manual.
 */
#include "cudart/cudart.h"

#include <cstring>
#include <memory>
#include <vector>

#include "core/control.h"
#include "core/memory.h"

using namespace emulated;

namespace {

enum class Side { DEVICE, PINNED, PAGEABLE };

enum { HOST_TO_HOST = 0, HOST_TO_DEVICE = 1, DEVICE_TO_HOST = 2, DEVICE_TO_DEVICE = 3, DEFAULT_DIRECTION = 4 };

struct PointerAttributes {
    int type; /* 0 unregistered, 1 host, 2 device */
    int device;
    void* devicePointer;
    void* hostPointer;
    long reserved[8];
};

/* `stream` is looked at for memory of the pool only. */
int allocateFor(Call& call, void** pointer, size_t bytes, Place place, void* stream = nullptr) {
    call.require(pointer != nullptr, "the place for the pointer is null");
    *pointer = nullptr;
    if (bytes == 0) return CUDA_SUCCESS;
    const Allocation* allocation = allocate(bytes, place);
    if (allocation == nullptr) return CUDA_MEMORY_ALLOCATION;
    if (place == Place::POOL) {
        call.enqueue(stream, [base = allocation->base, id = allocation->id](Call&) { begin(base, id); });
    }
    *pointer = allocation->base;
    return CUDA_SUCCESS;
}

/* The live allocation that starts there, or null for null: freeing null does nothing, as in the real library. */
const Allocation* ending(Call& call, void* pointer, bool pinned) {
    if (pointer == nullptr) return nullptr;
    const Allocation* allocation = findAllocation(pointer);
    call.require(allocation != nullptr && allocation->base == pointer, "%p is not the start of an allocation", pointer);
    call.require(allocation->live, "%p was freed before", pointer);
    call.require((allocation->place == Place::PINNED) == pinned, "%p is %s memory", pointer, pinned ? "device" : "page-locked host");
    return allocation;
}

/* Waits for the device, but for memory of the pool, as the real library does. */
int releaseNow(Call& call, void* pointer, bool pinned) {
    const Allocation* allocation = ending(call, pointer, pinned);
    if (allocation == nullptr) return CUDA_SUCCESS;
    if (allocation->place != Place::POOL) waitForDevice();
    end(*allocation);
    destroy(call, allocation->base);
    return CUDA_SUCCESS;
}

bool inDeviceMemory(const void* pointer) {
    const Allocation* allocation = findAllocation(pointer);
    return allocation != nullptr && allocation->place != Place::PINNED;
}

/* One side of a copy: `bytes` of the place that the direction says. */
Side checkSide(Call& call, const char* argument, const void* pointer, size_t bytes, int kind, bool onDevice) {
    if (kind == DEFAULT_DIRECTION) onDevice = inDeviceMemory(pointer);
    if (onDevice) {
        call.device(argument, pointer, bytes, 1);
        return Side::DEVICE;
    }
    call.host(argument, pointer);
    const Allocation* pinned = findAllocation(pointer);
    if (pinned == nullptr) return Side::PAGEABLE;
    call.require(pinned->live, "%s = %p is page-locked memory that was freed", argument, pointer);
    size_t offset = size_t(static_cast<const char*>(pointer) - pinned->base);
    call.require(offset + bytes <= pinned->bytes, "%s needs %zu bytes at offset %zu of %zu page-locked bytes", argument, bytes, offset,
                 pinned->bytes);
    return Side::PINNED;
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

enum class Return { AT_ONCE, WHEN_DONE };

char* targetRow(const Copy& c, size_t row) {
    return static_cast<char*>(c.target) + row * c.targetPitch;
}

const char* sourceRow(const Copy& c, size_t row) {
    return static_cast<const char*>(c.source) + row * c.sourcePitch;
}

void transfer(const Copy& c) {
    for (size_t row = 0; row < c.height; row++) memcpy(targetRow(c, row), sourceRow(c, row), c.width);
}

/* Queues the copy; the source may change at once. */
void enqueueStaged(Call& call, Copy c, void* stream) {
    auto staged = std::make_shared<std::vector<char>>(c.width * c.height);
    transfer({staged->data(), c.width, c.source, c.sourcePitch, c.width, c.height, c.kind});
    c.source = staged->data();
    c.sourcePitch = c.width;
    call.enqueue(stream, [c, staged](Call&) { transfer(c); });
}

/* Whether a copy, but from pageable memory to the device, returns when it is done. */
bool waits(Side target, Side source, Return wish) {
    if (target == Side::DEVICE && source == Side::DEVICE) return false;
    if (target != Side::DEVICE && source != Side::DEVICE) return true;
    return target == Side::PAGEABLE || wish == Return::WHEN_DONE;
}

int copy(const char* function, const Copy& c, void* stream, Return wish) {
    return deviceCall(function, [&](Call& call) {
        call.stream(stream, CUDA_INVALID_RESOURCE_HANDLE);
        call.requireOr(CUDA_INVALID_MEMCPY_DIRECTION, c.kind >= HOST_TO_HOST && c.kind <= DEFAULT_DIRECTION, "kind %d is not defined", c.kind);
        call.require(c.height <= 1 || (c.targetPitch >= c.width && c.sourcePitch >= c.width), "pitches %zu and %zu but the width is %zu",
                     c.targetPitch, c.sourcePitch, c.width);
        if (c.width == 0 || c.height == 0) return int(CUDA_SUCCESS);
        size_t targetBytes = (c.height - 1) * c.targetPitch + c.width, sourceBytes = (c.height - 1) * c.sourcePitch + c.width;
        bool toDevice = c.kind == HOST_TO_DEVICE || c.kind == DEVICE_TO_DEVICE;
        bool fromDevice = c.kind == DEVICE_TO_HOST || c.kind == DEVICE_TO_DEVICE;
        Side target = checkSide(call, "target", c.target, targetBytes, c.kind, toDevice);
        Side source = checkSide(call, "source", c.source, sourceBytes, c.kind, fromDevice);
        for (size_t row = 0; row < c.height; row++) {
            const char *to = targetRow(c, row), *from = sourceRow(c, row);
            call.require(to + c.width <= from || from + c.width <= to, "row %zu of target and source overlap", row);
        }
        if (source == Side::PAGEABLE && target == Side::DEVICE) {
            if (wish == Return::WHEN_DONE) waitFor(markOf(stream));
            enqueueStaged(call, c, stream);
            return wish == Return::WHEN_DONE ? takeFailure() : int(CUDA_SUCCESS);
        }
        call.enqueue(stream, [c](Call&) { transfer(c); });
        if (!waits(target, source, wish)) return int(CUDA_SUCCESS);
        waitFor(markOf(stream));
        return takeFailure();
    });
}

int fill(const char* function, void* target, int value, size_t bytes, void* stream) {
    return deviceCall(function, [&](Call& call) {
        call.stream(stream, CUDA_INVALID_RESOURCE_HANDLE);
        call.device("target", target, bytes, 1);
        if (bytes > 0) call.enqueue(stream, [=](Call&) { memset(target, value, bytes); });
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
        return allocateFor(call, pointer, bytes, Place::POOL, stream);
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
    return freeing(__func__, [&](Call& call) { return releaseNow(call, pointer, false); });
}

int cudaFreeAsync(void* pointer, void* stream) {
    return freeing(__func__, [&](Call& call) {
        call.stream(stream, CUDA_INVALID_RESOURCE_HANDLE);
        const Allocation* allocation = ending(call, pointer, false);
        if (allocation == nullptr) return CUDA_SUCCESS;
        call.require(allocation->place == Place::POOL, "%p was not allocated by cudaMallocAsync", pointer);
        end(*allocation);
        call.enqueue(stream, [base = allocation->base](Call& late) { destroy(late, base); });
        return CUDA_SUCCESS;
    });
}

int cudaFreeHost(void* pointer) {
    return freeing(__func__, [&](Call& call) { return releaseNow(call, pointer, true); });
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
    return copy(__func__, {target, 0, source, 0, bytes, 1, kind}, nullptr, Return::WHEN_DONE);
}

int cudaMemcpyAsync(void* target, const void* source, size_t bytes, int kind, void* stream) {
    return copy(__func__, {target, 0, source, 0, bytes, 1, kind}, stream, Return::AT_ONCE);
}

int cudaMemcpy2DAsync(void* target, size_t targetPitch, const void* source, size_t sourcePitch, size_t width, size_t height, int kind,
                      void* stream) {
    return copy(__func__, {target, targetPitch, source, sourcePitch, width, height, kind}, stream, Return::AT_ONCE);
}

int cudaMemset(void* target, int value, size_t bytes) {
    return fill(__func__, target, value, bytes, nullptr);
}

int cudaMemsetAsync(void* target, int value, size_t bytes, void* stream) {
    return fill(__func__, target, value, bytes, stream);
}
