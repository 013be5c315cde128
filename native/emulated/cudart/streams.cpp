/* Streams and events: what core/streams.h queues and runs. */
#include "cudart/cudart.h"

#include <chrono>

#include "core/handles.h"

using namespace emulated;

namespace {

constexpr unsigned NON_BLOCKING = 1;
constexpr unsigned BLOCKING_SYNC = 1, DISABLE_TIMING = 2, INTERPROCESS = 4;

int create(const char* function, HandleKind kind, void** handle, unsigned flags, unsigned allowed) {
    return runtimeCall(function, CUDA_MEMORY_ALLOCATION, Call::FALLIBLE, [&](Call& call) {
        call.deviceExists(deviceStatus());
        call.require(handle != nullptr, "the place for the handle is null");
        call.require((flags & ~allowed) == 0, "flags are 0x%x but only 0x%x is defined", flags, allowed);
        *handle = createHandle(kind);
        if (kind == HandleKind::STREAM) streamState(*handle).flags = flags;
        if (kind == HandleKind::EVENT) eventState(*handle).timed = (flags & DISABLE_TIMING) == 0;
        return CUDA_SUCCESS;
    });
}

int destroy(const char* function, HandleKind kind, void* handle) {
    return runtimeCall(function, CUDA_LAUNCH_FAILURE, Call::RELEASE, [&](Call& call) {
        call.requireOr(CUDA_INVALID_RESOURCE_HANDLE, destroyHandle(kind, handle), "%p is %s", handle, describeHandle(handle));
        return CUDA_SUCCESS;
    });
}

Event& liveEvent(Call& call, void* event) {
    call.requireOr(CUDA_INVALID_RESOURCE_HANDLE, isLive(HandleKind::EVENT, event), "%p is %s, not a live event", event, describeHandle(event));
    return eventState(event);
}

}  // namespace

int cudaStreamCreate(void** stream) {
    return create(__func__, HandleKind::STREAM, stream, 0, NON_BLOCKING);
}

int cudaStreamCreateWithFlags(void** stream, unsigned flags) {
    return create(__func__, HandleKind::STREAM, stream, flags, NON_BLOCKING);
}

int cudaStreamDestroy(void* stream) {
    return destroy(__func__, HandleKind::STREAM, stream);
}

int cudaStreamSynchronize(void* stream) {
    return deviceCall(__func__, [&](Call& call) {
        call.stream(stream, CUDA_INVALID_RESOURCE_HANDLE);
        waitFor(markOf(stream));
        return takeFailure();
    });
}

int cudaStreamWaitEvent(void* stream, void* event, unsigned flags) {
    return deviceCall(__func__, [&](Call& call) {
        call.stream(stream, CUDA_INVALID_RESOURCE_HANDLE);
        const Event& state = liveEvent(call, event);
        call.require(flags <= 1, "flags are 0x%x but only 0 and 1 are defined", flags);
        if (state.recorded) follow(call.function(), stream, state.mark);
        return CUDA_SUCCESS;
    });
}

int cudaEventCreate(void** event) {
    return create(__func__, HandleKind::EVENT, event, 0, 0);
}

int cudaEventCreateWithFlags(void** event, unsigned flags) {
    return create(__func__, HandleKind::EVENT, event, flags, BLOCKING_SYNC | DISABLE_TIMING | INTERPROCESS);
}

int cudaEventRecord(void* event, void* stream) {
    return deviceCall(__func__, [&](Call& call) {
        Event& state = liveEvent(call, event);
        call.stream(stream, CUDA_INVALID_RESOURCE_HANDLE);
        call.enqueue(stream, [&state](Call&) { state.time = std::chrono::steady_clock::now(); });
        state.recorded = true;
        state.mark = markOf(stream);
        return CUDA_SUCCESS;
    });
}

int cudaEventSynchronize(void* event) {
    return deviceCall(__func__, [&](Call& call) {
        const Event& state = liveEvent(call, event);
        if (state.recorded) waitFor(state.mark);
        return takeFailure();
    });
}

int cudaEventElapsedTime(float* milliseconds, void* start, void* end) {
    return deviceCall(__func__, [&](Call& call) {
        call.host("milliseconds", milliseconds);
        const Event& first = liveEvent(call, start);
        const Event& second = liveEvent(call, end);
        call.requireOr(CUDA_INVALID_RESOURCE_HANDLE, first.timed && second.timed, "an event was created with timing disabled");
        call.requireOr(CUDA_INVALID_RESOURCE_HANDLE, first.recorded && second.recorded, "an event was never recorded");
        if (!isReached(first.mark) || !isReached(second.mark)) return int(CUDA_NOT_READY);
        *milliseconds = std::chrono::duration<float, std::milli>(second.time - first.time).count();
        return int(CUDA_SUCCESS);
    });
}

int cudaEventDestroy(void* event) {
    return destroy(__func__, HandleKind::EVENT, event);
}
