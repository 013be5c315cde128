/*
 * Streams, events and library handles. A handle is a number that is never given out twice and points to no memory, so that a handle
 * used after its end, or in the place of another kind, is always recognised.
 */
#pragma once

#include <chrono>
#include <cstddef>

#include "core/streams.h"

namespace emulated {

enum class HandleKind { STREAM, EVENT, CUBLAS, CUSOLVER, CUSOLVER_PARAMS, SYEVJ_INFO };

struct Stream {
    unsigned flags;
};

struct Event {
    bool timed;
    bool recorded;
    Mark mark; /* what it stands for, if recorded */
    std::chrono::steady_clock::time_point time; /* when the stream came to it */
};

struct BlasHandle {
    void* stream;
    int mathMode;
    int pointerMode;
    void* workspace;
    size_t workspaceBytes;
};

struct SolverHandle {
    void* stream;
};

struct SyevjInfo {
    double tolerance;
    int maxSweeps;
    bool sorted;
};

/* Creates a live handle and counts it. */
void* createHandle(HandleKind kind);

/* False when it is not live; otherwise it is no longer live afterwards. */
bool destroyHandle(HandleKind kind, void* handle);

bool isLive(HandleKind kind, const void* handle);

/* The default streams: null, cudaStreamLegacy, cudaStreamPerThread. */
bool isDefaultStream(const void* handle);

/* What a handle that is not live was, for messages. */
const char* describeHandle(const void* handle);

/* State of a live handle; the caller has checked that it is live. */
Stream& streamState(const void* handle);
Event& eventState(const void* handle);
BlasHandle& blasState(const void* handle);
SolverHandle& solverState(const void* handle);
SyevjInfo& syevjState(const void* handle);

}  // namespace emulated
