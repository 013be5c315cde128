/*
 * Streams that run as late as CUDA allows: work is queued when it is asked for, and runs when the host waits for it.
 * Until then its results are not there, so that a wait that was forgotten shows in the numbers.
 *
 * Work of one stream runs in its order, after what it was told to follow. The legacy default stream follows, and is
 * followed by, all streams that were not created as non-blocking ones. All threads share one per-thread default stream.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace emulated {

class Call;

using Work = std::function<void(Call&)>;

/* Device memory that work needs, as its call has checked it. */
struct Range {
    const char* argument;
    const void* pointer;
    size_t bytes;
};

/* A place in a stream: all that was queued there until now. */
struct Mark {
    const void* stream;
    uint64_t ordinal;
};

/* Queues work on a live stream. Its ranges must exist, in the order of the streams, when it runs. */
void enqueue(const char* function, const void* stream, std::vector<Range> ranges, Work work);

Mark markOf(const void* stream);

/* What is queued on the stream from now on runs after the mark. */
void follow(const char* function, const void* stream, const Mark& mark);

bool isReached(const Mark& mark);

/* Runs all up to the mark, or everything. Counts as a wait of the host where there was anything left to run. */
void waitFor(const Mark& mark);
void waitForDevice();

/* The error of work that failed since this was asked last, or 0. */
int takeFailure();

}  // namespace emulated

extern "C" {
/*
 * For kernels outside of the libraries: run(state) is called once, in the order of the stream and with device memory
 * open, and frees the state. Returns an error, and calls nothing, where the stream is none.
 */
int keeploraEmulatedLaunch(const char* kernel, void* stream, bool (*run)(void*), void* state);
}
