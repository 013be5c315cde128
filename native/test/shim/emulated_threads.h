/*
 * Runs one emulated launch: a host thread for each CUDA thread of a block, the blocks one after another.
 *
 * Launches are serialised by one lock and have ended when `launch` returns. Barriers abort the process where some threads of a block wait
 * while others have left the kernel, which hangs or goes unnoticed on a device.
 */
#pragma once

#include <cstddef>
#include <functional>

struct dim3 {
    unsigned x = 1;
    unsigned y = 1;
    unsigned z = 1;
    constexpr dim3(unsigned x_ = 1, unsigned y_ = 1, unsigned z_ = 1) : x(x_), y(y_), z(z_) {}
};

/* Inside a kernel: where this thread is. */
inline thread_local dim3 threadIdx{0, 0, 0};
inline thread_local dim3 blockIdx{0, 0, 0};
inline thread_local dim3 blockDim{0, 0, 0};
inline thread_local dim3 gridDim{0, 0, 0};

namespace klr::emulated {

/* Calls `body` in every thread of every block; false where the threads could not be had. */
bool launch(dim3 grid, unsigned threads, size_t sharedBytes, const std::function<void()>& body);

/*
 * Runs `launch` in the order of the stream, when the host waits for it, where the process holds the libcudart of
 * native/emulated; at once where it does not, as in the tests of the kernels alone. False where that failed.
 */
bool enqueue(const char* kernel, void* stream, std::function<bool()> launch);

/* The block's dynamic shared memory, exactly as many bytes as the launch asked for; all ones (NaN) at first. */
void* dynamicShared();

void waitForBlock();
void waitForWarp();

/* Waits for the block; whether any of its threads said so. */
bool anyOfBlock(bool mine);

}  // namespace klr::emulated
