/*
 * Every emulated allocation, of device memory and of page-locked host memory.
 *
 * A fresh allocation holds 0xFF bytes, NaN as float and as double. It lies between two guards that are looked at when it is freed. A freed
 * one is filled with 0xFF again and kept for a while, so that its address is not given out at once and late writes are noticed.
 */
#pragma once

#include <cstddef>

namespace emulated {

class Call;

enum class Place { DEVICE, POOL, PINNED }; /* POOL: device memory of cudaMallocAsync */

struct Allocation {
    char* base;
    size_t bytes;
    Place place;
    bool live;
};

/* Null when the device has no room; bytes is positive. */
void* allocate(size_t bytes, Place place);

/* Ends an allocation that is live; reports damaged guards on `call`. */
void release(Call& call, const Allocation& allocation);

/* The allocation, live or freed lately, whose range holds the address; null when there is none. */
const Allocation* findAllocation(const void* pointer);

/* Reports damaged guards of all live allocations on `call`. */
void checkGuards(Call& call);

/* Bytes of device memory in use. */
size_t deviceBytesInUse();

/*
 * With KEEPLORA_EMULATED_PROTECT=1, device memory can only be touched between these two, which the lock of Call surrounds: whoever
 * reads it on the host, as no GPU would allow, faults. They nest. Without the variable they do nothing.
 */
void openDeviceMemory();
void closeDeviceMemory();

}  // namespace emulated

extern "C" {
/* For code outside of the libraries that stands in for kernels: device memory is open, and locked, between the two. */
void keeploraEmulatedEnter(const char* function);
void keeploraEmulatedLeave();
}
