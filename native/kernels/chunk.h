/* How many problems a launch takes. */
#pragma once

#include <cstdint>

namespace klr {

/*
 * Bytes of parameters for a batch that fits them, and for others: the most that a kernel takes, with CUDA since 12.1
 * and on GPUs since Volta.
 */
constexpr int64_t FEW = 4096;
constexpr int64_t MOST = 32764;

/* Problems of one launch, passed by value: no device memory and no copy hold the batch. */
template <class Problem, int64_t BYTES>
struct Chunk {
    static constexpr int64_t BESIDE = 32; /* bytes for what follows here, and for other parameters */
    static constexpr int64_t CAPACITY = (BYTES - BESIDE) / static_cast<int64_t>(sizeof(Problem));
    Problem problems[CAPACITY];
    int64_t count;
    int64_t first; /* index of problems[0] in the batch */
};

}  // namespace klr
