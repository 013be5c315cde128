/*
 * Every emulated allocation, of device memory and of page-locked host memory.
 *
 * A fresh allocation holds 0xFF bytes, NaN as float and as double. It lies between two guards that are looked at when it is freed. A freed
 * one is filled with 0xFF again and kept for a while, so that its address is not given out at once and late writes are noticed.
 *
 * The host sees an allocation begin and end at the calls. For a stream, memory of cudaMallocAsync begins and ends
 * where the stream is.
 */
#pragma once

#include <cstddef>
#include <cstdint>

namespace emulated {

class Call;

enum class Place { DEVICE, POOL, PINNED }; /* POOL: device memory of cudaMallocAsync */
enum class State { PENDING, PRESENT, GONE }; /* in the order of streams */

struct Allocation {
    char* base;
    size_t bytes;
    Place place;
    bool live; /* for the host */
    State state;
    uint64_t id;
};

/* Null when the device has no room; bytes is positive. Memory of the pool is pending. */
const Allocation* allocate(size_t bytes, Place place);

/* A pending allocation is present from now on; one that has ended meanwhile stays so. */
void begin(const char* base, uint64_t id);

/* Ends an allocation for the host, which must be live for it. */
void end(const Allocation& allocation);

/* Ends it for all streams, after `end`; reports damaged guards on `call`. */
void destroy(Call& call, const char* base);

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

