#include "core/call.h"

#include <cstdio>
#include <cstring>
#include <mutex>
#include <utility>

#include "core/control.h"
#include "core/handles.h"
#include "core/memory.h"

namespace emulated {
namespace {

/* Recursive because a function may be built from another one. Never destroyed: threads may call until the process ends. */
std::recursive_mutex& lock() {
    static auto* mutex = new std::recursive_mutex;
    return *mutex;
}

}  // namespace

Call::Call(const char* function, Kind kind) : function_(function), executing_(kind == EXECUTION) {
    lock().lock();
    openDeviceMemory();
    if (kind != FALLIBLE) return;
    ControlBlock& block = control();
    int64_t ordinal = __atomic_add_fetch(&block.calls, 1, __ATOMIC_SEQ_CST);
    int64_t expected = ordinal;
    injected_ = __atomic_compare_exchange_n(&block.failAt, &expected, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    if (injected_) snprintf(block.function, sizeof block.function, "%s", function_);
    injected_ = injected_ || !controlUsable();
}

Call::~Call() {
    closeDeviceMemory();
    lock().unlock();
}

void Call::record(const char* format, va_list arguments) {
    ControlBlock& block = control();
    count(&ControlBlock::violations, 1);
    snprintf(block.function, sizeof block.function, "%s", function_);
    vsnprintf(block.violation, sizeof block.violation, format, arguments);
    fprintf(stderr, "emulated CUDA: %s: %s\n", function_, block.violation);
}

void Call::violation(const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    record(format, arguments);
    va_end(arguments);
}

void Call::require(bool condition, const char* format, ...) {
    if (condition) return;
    va_list arguments;
    va_start(arguments, format);
    record(format, arguments);
    va_end(arguments);
    throw Refused{0};
}

void Call::requireOr(int status, bool condition, const char* format, ...) {
    if (condition) return;
    va_list arguments;
    va_start(arguments, format);
    record(format, arguments);
    va_end(arguments);
    throw Refused{status};
}

void Call::unsupported(int status, const char* format, ...) {
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(stderr, "emulated CUDA: %s: not emulated: %s\n", function_, text);
    throw Refused{status};
}

void Call::device(const char* argument, const void* pointer, size_t bytes, size_t alignment) {
    if (bytes == 0) return;
    require(pointer != nullptr, "%s is null but %zu bytes of device memory are needed", argument, bytes);
    const Allocation* allocation = findAllocation(pointer);
    require(allocation != nullptr && allocation->place != Place::PINNED, "%s = %p is %s, not device memory", argument, pointer,
            allocation == nullptr ? "unknown to the device" : "page-locked host memory");
    bool there = executing_ ? allocation->state == State::PRESENT : allocation->live;
    require(there, "%s = %p lies in device memory that %s (%zu bytes at %p)", argument, pointer,
            allocation->state == State::PENDING ? "no stream order has allocated yet" : "was freed", allocation->bytes,
            static_cast<const void*>(allocation->base));
    size_t offset = size_t(static_cast<const char*>(pointer) - allocation->base);
    require(offset + bytes <= allocation->bytes, "%s needs %zu bytes at offset %zu of an allocation of %zu bytes", argument, bytes, offset,
            allocation->bytes);
    require(reinterpret_cast<uintptr_t>(pointer) % alignment == 0, "%s = %p is not aligned to %zu bytes", argument, pointer, alignment);
    if (!executing_) ranges_.push_back({argument, pointer, bytes});
}

void Call::host(const char* argument, const void* pointer) {
    require(pointer != nullptr, "%s is null, host memory is needed", argument);
    const Allocation* allocation = findAllocation(pointer);
    require(allocation == nullptr || allocation->place == Place::PINNED, "%s = %p is device memory, host memory is needed", argument, pointer);
}

void Call::stream(const void* handle, int status) {
    requireOr(status, isDefaultStream(handle) || isLive(HandleKind::STREAM, handle), "%p is %s, not a live stream", handle,
              describeHandle(handle));
}

void Call::enqueue(const void* stream, Work work) {
    emulated::enqueue(function_, stream, ranges_, std::move(work));
}

void Call::deviceExists(int status) {
    if (deviceCount() == 0 || driverVersion() < OLDEST_DRIVER) throw Refused{status};
}

}  // namespace emulated
