#include "core/memory.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <iterator>
#include <map>

#include <sys/mman.h>

#include "core/call.h"
#include "core/control.h"

namespace emulated {
namespace {

constexpr size_t GUARD = 4096; /* a page, so that protected memory starts on one */
constexpr int GUARD_BYTE = 0xA5;
constexpr int GARBAGE = 0xFF;
constexpr size_t KEPT_BYTES = size_t(64) << 20;

struct Store {
    std::map<uintptr_t, Allocation> byAddress;
    std::deque<uintptr_t> kept; /* freed ones, oldest first */
    size_t keptBytes = 0;
    size_t deviceBytes = 0;
    int openings = 0;
    uint64_t ids = 0;
};

Store& store() {
    static auto* all = new Store;
    return *all;
}

bool protecting() {
    static const char* wish = getenv("KEEPLORA_EMULATED_PROTECT");
    return wish != nullptr && strcmp(wish, "1") == 0;
}

bool onDevice(const Allocation& allocation) {
    return allocation.place != Place::PINNED;
}

size_t rounded(size_t bytes) {
    return (bytes + GUARD - 1) / GUARD * GUARD;
}

/* The block is guard, user's range, guard; the user's range starts on a page. */
char* obtain(size_t bytes) {
    size_t whole = rounded(bytes) + 2 * GUARD;
    if (!protecting()) return static_cast<char*>(aligned_alloc(GUARD, whole));
    void* block = mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return block == MAP_FAILED ? nullptr : static_cast<char*>(block);
}

void giveBack(const Allocation& allocation) {
    char* block = allocation.base - GUARD;
    if (protecting()) {
        munmap(block, rounded(allocation.bytes) + 2 * GUARD);
    } else {
        free(block);
    }
}

bool filledWith(const char* from, const char* to, int byte) {
    for (const char* at = from; at != to; at++) {
        if (static_cast<unsigned char>(*at) != byte) return false;
    }
    return true;
}

char* endOf(const Allocation& allocation) {
    return allocation.base + rounded(allocation.bytes) + GUARD;
}

void checkGuardsOf(Call& call, const Allocation& allocation) {
    char* base = allocation.base;
    if (!filledWith(base - GUARD, base, GUARD_BYTE)) {
        call.violation("memory before the allocation of %zu bytes at %p was written", allocation.bytes, static_cast<void*>(base));
    }
    if (!filledWith(base + allocation.bytes, endOf(allocation), GUARD_BYTE)) {
        call.violation("memory behind the allocation of %zu bytes at %p was written", allocation.bytes, static_cast<void*>(base));
    }
}

/* Drops the oldest freed allocations, and says when one was written after it had been freed. */
void dropKept(Call& call) {
    Store& all = store();
    while (all.keptBytes > KEPT_BYTES) {
        auto oldest = all.byAddress.find(all.kept.front());
        Allocation& freed = oldest->second;
        if (!filledWith(freed.base, freed.base + freed.bytes, GARBAGE)) {
            call.violation("%zu bytes at %p were written after they had been freed", freed.bytes, static_cast<void*>(freed.base));
        }
        all.keptBytes -= freed.bytes;
        giveBack(freed);
        all.byAddress.erase(oldest);
        all.kept.pop_front();
    }
}

void protectAll(int access) {
    for (auto& [address, allocation] : store().byAddress) {
        if (onDevice(allocation)) mprotect(allocation.base - GUARD, rounded(allocation.bytes) + 2 * GUARD, access);
    }
}

void countUse(const Allocation& allocation, int64_t sign) {
    bool device = onDevice(allocation);
    count(device ? &ControlBlock::liveAllocations : &ControlBlock::livePinned, sign);
    count(device ? &ControlBlock::liveBytes : &ControlBlock::livePinnedBytes, sign * int64_t(allocation.bytes));
    if (device) store().deviceBytes += size_t(sign) * allocation.bytes;
}

}  // namespace

const Allocation* allocate(size_t bytes, Place place) {
    size_t capacity = size_t(deviceMemory());
    if (place != Place::PINNED && (bytes > capacity || store().deviceBytes > capacity - bytes)) return nullptr;
    char* block = obtain(bytes);
    if (block == nullptr) return nullptr;
    State state = place == Place::POOL ? State::PENDING : State::PRESENT;
    Allocation allocation{block + GUARD, bytes, place, true, state, ++store().ids};
    memset(block, GUARD_BYTE, GUARD);
    memset(allocation.base, GARBAGE, bytes);
    memset(allocation.base + bytes, GUARD_BYTE, size_t(endOf(allocation) - (allocation.base + bytes)));
    Allocation& kept = store().byAddress[reinterpret_cast<uintptr_t>(allocation.base)];
    kept = allocation;
    countUse(kept, 1);
    return &kept;
}

void begin(const char* base, uint64_t id) {
    auto found = store().byAddress.find(reinterpret_cast<uintptr_t>(base));
    if (found == store().byAddress.end() || found->second.id != id || found->second.state != State::PENDING) return;
    found->second.state = State::PRESENT;
}

void end(const Allocation& allocation) {
    store().byAddress.at(reinterpret_cast<uintptr_t>(allocation.base)).live = false;
    countUse(allocation, -1);
}

void destroy(Call& call, const char* base) {
    Allocation& ended = store().byAddress.at(reinterpret_cast<uintptr_t>(base));
    checkGuardsOf(call, ended);
    ended.state = State::GONE;
    memset(ended.base, GARBAGE, ended.bytes);
    store().kept.push_back(reinterpret_cast<uintptr_t>(ended.base));
    store().keptBytes += ended.bytes;
    dropKept(call);
}

const Allocation* findAllocation(const void* pointer) {
    auto& byAddress = store().byAddress;
    auto next = byAddress.upper_bound(reinterpret_cast<uintptr_t>(pointer));
    if (next == byAddress.begin()) return nullptr;
    const Allocation& candidate = std::prev(next)->second;
    return static_cast<const char*>(pointer) < candidate.base + candidate.bytes ? &candidate : nullptr;
}

void checkGuards(Call& call) {
    for (auto& [address, allocation] : store().byAddress) {
        if (allocation.state != State::GONE) checkGuardsOf(call, allocation);
    }
}

size_t deviceBytesInUse() {
    return store().deviceBytes;
}

void openDeviceMemory() {
    if (store().openings++ == 0 && protecting()) protectAll(PROT_READ | PROT_WRITE);
}

void closeDeviceMemory() {
    if (--store().openings == 0 && protecting()) protectAll(PROT_NONE);
}

}  // namespace emulated
