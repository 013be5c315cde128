/*
 * One call of an emulated function: holds the one lock, counts the call, says whether the test wants it to fail,
 * checks arguments, and queues the work.
 *
 * A check that fails records the violation (stderr, control block) and throws Refused, which the library's wrapper turns into a status;
 * nothing is thrown across the C border.
 */
#pragma once

#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/streams.h"

namespace emulated {

struct Refused {
    int status; /* 0: the library's INVALID_VALUE */
};

class Call {
public:
    enum Kind { FALLIBLE, RELEASE, EXECUTION }; /* EXECUTION: queued work that runs */

    explicit Call(const char* function, Kind kind = FALLIBLE);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    const char* function() const { return function_; }
    bool injected() const { return injected_; }

    /* Records a violation without giving up. */
    void violation(const char* format, ...) __attribute__((format(printf, 2, 3)));

    /* Records a violation and throws Refused with the library's INVALID_VALUE, or with `status`, unless the condition holds. */
    void require(bool condition, const char* format, ...) __attribute__((format(printf, 3, 4)));
    void requireOr(int status, bool condition, const char* format, ...) __attribute__((format(printf, 4, 5)));

    /* Says on stderr what the emulation cannot do and throws Refused: not a violation, but never silently wrong either. */
    [[noreturn]] void unsupported(int status, const char* format, ...) __attribute__((format(printf, 3, 4)));

    /*
     * `bytes` from `pointer` lie in one device allocation, aligned to `alignment`. It must be live for the host in a
     * call, and for the stream when queued work runs. Nothing is checked when bytes is 0.
     */
    void device(const char* argument, const void* pointer, size_t bytes, size_t alignment);

    /* `pointer` is not null and does not lie in device memory. */
    void host(const char* argument, const void* pointer);

    /* A stream that was created and not destroyed, or one of the default streams. */
    void stream(const void* handle, int status = 0);

    /* Queues the work of this call, which needs the device memory that was checked until now. */
    void enqueue(const void* stream, Work work);

    /* A device exists, and the driver is not too old for the runtime. */
    void deviceExists(int status);

private:
    void record(const char* format, va_list arguments);

    const char* function_;
    bool executing_;
    bool injected_ = false;
    std::vector<Range> ranges_;
};

}  // namespace emulated
