#include "emulated_threads.h"

#include <dlfcn.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace klr::emulated {
namespace {

constexpr unsigned WARP = 32;
constexpr unsigned MAX_THREADS = 1024;

void sleepWhile(std::atomic<int>& word, int value) {
    while (word.load(std::memory_order_acquire) == value) {
        syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
    }
}

void wakeAll(std::atomic<int>& word) {
    syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

/* Lets `parties` threads pass once all have arrived. */
class Barrier {
public:
    void wait(int parties, bool leaving) {
        int before = generation_.load(std::memory_order_acquire);
        leaving_.fetch_add(leaving ? 1 : 0, std::memory_order_relaxed);
        if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 < parties) {
            sleepWhile(generation_, before);
            return;
        }
        int left = leaving_.exchange(0, std::memory_order_relaxed);
        if (left != 0 && left != parties) {
            std::fprintf(stderr, "emulated kernel: %d of %d threads left the kernel while the others wait at a barrier\n", left, parties);
            std::abort();
        }
        arrived_.store(0, std::memory_order_relaxed);
        generation_.fetch_add(1, std::memory_order_acq_rel);
        wakeAll(generation_);
    }

private:
    std::atomic<int> arrived_{0};
    std::atomic<int> leaving_{0};
    std::atomic<int> generation_{0};
};

/* The threads, kept from launch to launch, and the launch they are at. */
class Team {
public:
    void run(dim3 grid, unsigned threads, size_t sharedBytes, const std::function<void()>& body) {
        std::lock_guard<std::mutex> lock(launches_);
        for (; workers_ < threads; workers_++) {
            std::thread(&Team::serve, this, workers_, round_.load()).detach();
        }
        std::unique_ptr<unsigned char[]> shared(new unsigned char[sharedBytes]);
        std::memset(shared.get(), 0xFF, sharedBytes);
        grid_ = grid;
        threads_ = threads;
        shared_ = shared.get();
        body_ = &body;
        finished_.store(0);
        round_.fetch_add(1);
        wakeAll(round_);
        for (int finished = 0; finished < static_cast<int>(workers_); finished = finished_.load()) {
            sleepWhile(finished_, finished);
        }
    }

    void* shared() const { return shared_; }

    void waitForBlock(bool leaving) { block_.wait(static_cast<int>(threads_), leaving); }

    void waitForWarp() {
        unsigned warp = threadIdx.x / WARP;
        unsigned lanes = threads_ - warp * WARP < WARP ? threads_ - warp * WARP : WARP;
        warps_[warp].wait(static_cast<int>(lanes), false);
    }

    /* Votes fall into one of two boxes in turn, so that the next vote cannot meet this one. */
    bool anyOfBlock(bool mine) {
        static thread_local unsigned turn = 0;
        std::atomic<int>& box = votes_[turn];
        std::atomic<int>& next = votes_[1 - turn];
        turn = 1 - turn;
        box.fetch_or(mine ? 1 : 0);
        waitForBlock(false);
        next.store(0);
        bool any = box.load() != 0;
        waitForBlock(false);
        return any;
    }

private:
    void serve(unsigned index, int seen) {
        for (;; seen++) {
            sleepWhile(round_, seen);
            if (index < threads_) {
                runBlocks(index);
            }
            int last = static_cast<int>(workers_); /* read before the next launch may add workers */
            if (finished_.fetch_add(1) + 1 == last) {
                wakeAll(finished_);
            }
        }
    }

    void runBlocks(unsigned index) {
        threadIdx = dim3(index, 0, 0);
        blockDim = dim3(threads_);
        gridDim = grid_;
        for (unsigned y = 0; y < grid_.y; y++) {
            for (unsigned x = 0; x < grid_.x; x++) {
                blockIdx = dim3(x, y, 0);
                (*body_)();
                waitForBlock(true);
            }
        }
    }

    std::mutex launches_;
    unsigned workers_ = 0;
    std::atomic<int> round_{0};
    std::atomic<int> finished_{0};
    dim3 grid_;
    unsigned threads_ = 0;
    void* shared_ = nullptr;
    const std::function<void()>* body_ = nullptr;
    Barrier block_;
    Barrier warps_[MAX_THREADS / WARP];
    std::atomic<int> votes_[2] = {};
};

/* Never destroyed: its threads sleep until the process ends. */
Team& team() {
    static Team* only = new Team;
    return *only;
}

/* keeploraEmulatedLaunch of native/emulated/core/streams.h */
using Enqueue = int (*)(const char* kernel, void* stream, bool (*run)(void*), void* state);

/* Looked for as long as it is not found, since libcudart may be loaded after the kernels. */
Enqueue queueOfProcess() {
    static std::atomic<Enqueue> found{nullptr};
    if (found.load() == nullptr) {
        if (void* runtime = dlopen("libcudart.so.13", RTLD_LAZY | RTLD_NOLOAD)) {
            found.store(reinterpret_cast<Enqueue>(dlsym(runtime, "keeploraEmulatedLaunch")));
        }
    }
    return found.load();
}

}  // namespace

bool launch(dim3 grid, unsigned threads, size_t sharedBytes, const std::function<void()>& body) {
    if (threads == 0 || threads > MAX_THREADS) {
        return false;
    }
    try {
        team().run(grid, threads, sharedBytes, body);
        return true;
    } catch (const std::system_error&) {
        return false;
    } catch (const std::bad_alloc&) {
        return false;
    }
}

bool enqueue(const char* kernel, void* stream, std::function<bool()> launch) {
    Enqueue queue = queueOfProcess();
    if (queue == nullptr) {
        return launch();
    }
    auto* state = new std::function<bool()>(std::move(launch));
    auto run = [](void* owned) {
        std::unique_ptr<std::function<bool()>> only(static_cast<std::function<bool()>*>(owned));
        return (*only)();
    };
    if (queue(kernel, stream, run, state) == 0) {
        return true;
    }
    delete state;
    return false;
}

void* dynamicShared() {
    return team().shared();
}

void waitForBlock() {
    team().waitForBlock(false);
}

void waitForWarp() {
    team().waitForWarp();
}

bool anyOfBlock(bool mine) {
    return team().anyOfBlock(mine);
}

}  // namespace klr::emulated
