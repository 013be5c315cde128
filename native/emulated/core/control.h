/*
 * The block of counters and switches that a test shares with the emulation through a file, and the accounting of every call.
 *
 * The file is named by the environment variable KEEPLORA_EMULATED_CUDA and mapped by all processes that name it; without the variable
 * the block is private memory. All fields are little-endian int64 but the two texts. README.md holds the table of offsets.
 */
#pragma once

#include <cstddef>
#include <cstdint>

namespace emulated {

struct ControlBlock {
    int64_t calls;             /* fallible calls so far, over all libraries, in call order */
    int64_t failAt;            /* ordinal of the call to fail, 0 = none; set back to 0 when it has failed */
    int64_t liveAllocations;   /* device memory */
    int64_t liveBytes;         /* device memory */
    int64_t liveStreams;
    int64_t liveEvents;
    int64_t liveHandles;       /* cuBLAS and cuSOLVER handles, cuSOLVER params, syevj infos */
    int64_t violations;        /* breaches of the real libraries' contracts */
    char function[64];         /* last function that failed by injection or was violated */
    char violation[256];       /* text of the last violation */
    char reserved[128];
    int64_t devicesPlusOne;    /* devices to report + 1, 0 = default (one) */
    int64_t version;           /* runtime and driver version to report, 0 = default */
    int64_t unused;
    int64_t memoryBytes;       /* device memory that exists, 0 = default */
    int64_t driverVersion;     /* driver version to report, 0 = as `version` */
    int64_t livePinned;        /* page-locked host allocations */
    int64_t livePinnedBytes;
    int64_t waits;             /* times that the host waited for work that had not run */
    int64_t launches;          /* kernels of our own that were launched */
};

constexpr size_t CONTROL_BYTES = 4096;
static_assert(offsetof(ControlBlock, function) == 64 && offsetof(ControlBlock, violation) == 128, "layout is part of the contract");
static_assert(offsetof(ControlBlock, devicesPlusOne) == 512 && offsetof(ControlBlock, memoryBytes) == 536, "layout is part of the contract");
static_assert(sizeof(ControlBlock) <= CONTROL_BYTES, "one page");

ControlBlock& control();

/* False when KEEPLORA_EMULATED_CUDA names a file that cannot be mapped; then every fallible call fails. */
bool controlUsable();

/* A live counter of the block moves by `change`. Atomic, since several processes may share the block. */
void count(int64_t ControlBlock::*field, int64_t change);

int deviceCount();
int runtimeVersion();
int driverVersion();
int64_t deviceMemory();

/* CUDA 13.1, the version that the presets were generated for. */
constexpr int CUDA_VERSION = 13010;
/* The oldest driver version that a runtime of this generation accepts. */
constexpr int OLDEST_DRIVER = 13000;

}  // namespace emulated
