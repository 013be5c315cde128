#include "core/control.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace emulated {
namespace {

constexpr int64_t DEFAULT_MEMORY = int64_t(4) << 30;

struct Mapping {
    ControlBlock* block;
    bool usable;
};

/* Maps the named file, grown to one page when it is new; never unmapped, since calls may come until the process ends. */
ControlBlock* mapFile(const char* path) {
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) return nullptr;
    ControlBlock* block = nullptr;
    off_t size = lseek(file, 0, SEEK_END);
    if (size >= off_t(CONTROL_BYTES) || (size >= 0 && ftruncate(file, CONTROL_BYTES) == 0)) {
        void* page = mmap(nullptr, CONTROL_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (page != MAP_FAILED) block = static_cast<ControlBlock*>(page);
    }
    int reason = errno;
    close(file);
    errno = reason;
    return block;
}

/* Once per process: whatever loaded these libraries, on purpose or not, shall know what it runs on. */
Mapping openMapping() {
    fprintf(stderr, "emulated CUDA: this process computes on the host, without a GPU; for tests only\n");
    alignas(8) static char page[CONTROL_BYTES];
    auto* own = reinterpret_cast<ControlBlock*>(page);
    const char* path = getenv("KEEPLORA_EMULATED_CUDA");
    if (path == nullptr || *path == 0) return {own, true};
    if (ControlBlock* shared = mapFile(path)) return {shared, true};
    fprintf(stderr, "emulated CUDA: cannot map KEEPLORA_EMULATED_CUDA=%s: %s; every call will fail\n", path, strerror(errno));
    return {own, false};
}

const Mapping& mapping() {
    static const Mapping opened = openMapping();
    return opened;
}

int64_t setting(int64_t ControlBlock::*field) {
    return __atomic_load_n(&(control().*field), __ATOMIC_SEQ_CST);
}

}  // namespace

ControlBlock& control() {
    return *mapping().block;
}

bool controlUsable() {
    return mapping().usable;
}

void count(int64_t ControlBlock::*field, int64_t change) {
    __atomic_add_fetch(&(control().*field), change, __ATOMIC_SEQ_CST);
}

int deviceCount() {
    int64_t set = setting(&ControlBlock::devicesPlusOne);
    return set == 0 ? 1 : int(set - 1);
}

int runtimeVersion() {
    int64_t set = setting(&ControlBlock::version);
    return set == 0 ? CUDA_VERSION : int(set);
}

int driverVersion() {
    int64_t set = setting(&ControlBlock::driverVersion);
    return set == 0 ? runtimeVersion() : int(set);
}

int64_t deviceMemory() {
    int64_t set = setting(&ControlBlock::memoryBytes);
    return set == 0 ? DEFAULT_MEMORY : set;
}

}  // namespace emulated
