#include "core/streams.h"

#include <deque>
#include <new>
#include <unordered_map>
#include <utility>

#include "core/call.h"
#include "core/control.h"
#include "core/handles.h"

namespace emulated {
namespace {

enum { INVALID_RESOURCE_HANDLE = 400, ILLEGAL_ADDRESS = 700, LAUNCH_FAILURE = 719 };

constexpr unsigned NON_BLOCKING = 1;

struct Item {
    uint64_t ordinal;
    const char* function;
    std::vector<Range> ranges;
    Work work;
    std::vector<Mark> after;
};

struct Queue {
    bool blocking;
    std::deque<Item> items;
    uint64_t last = 0; /* ordinal of the newest item, also when it has run */
};

struct Device {
    std::unordered_map<const void*, Queue> queues; /* never erased, so that references stay */
    uint64_t ordinals = 0;
    int failure = 0;
};

Device& device() {
    static auto* only = new Device;
    return *only;
}

const void* legacy() {
    return nullptr;
}

/* cudaStreamLegacy (1) is the null stream. */
const void* keyOf(const void* stream) {
    return reinterpret_cast<uintptr_t>(stream) == 1 ? legacy() : stream;
}

Queue& queueOf(const void* stream) {
    const void* key = keyOf(stream);
    auto found = device().queues.find(key);
    if (found != device().queues.end()) return found->second;
    bool blocking = isDefaultStream(key) || (streamState(key).flags & NON_BLOCKING) == 0;
    return device().queues.emplace(key, Queue{blocking, {}, 0}).first->second;
}

/* What new work of the stream follows by the rules of the legacy stream. */
std::vector<Mark> implied(const void* key) {
    std::vector<Mark> marks;
    if (key != legacy()) {
        if (queueOf(key).blocking) marks.push_back(markOf(legacy()));
        return marks;
    }
    for (const auto& [other, queue] : device().queues) {
        if (queue.blocking && other != legacy()) marks.push_back({other, queue.last});
    }
    return marks;
}

void push(const char* function, const void* stream, std::vector<Range> ranges, Work work, std::vector<Mark> after) {
    Queue& queue = queueOf(stream);
    queue.last = ++device().ordinals;
    queue.items.push_back({queue.last, function, std::move(ranges), std::move(work), std::move(after)});
}

void perform(Item& item) {
    Call call(item.function, Call::EXECUTION);
    try {
        for (const Range& range : item.ranges) call.device(range.argument, range.pointer, range.bytes, 1);
        if (item.work) item.work(call);
    } catch (const Refused&) {
        device().failure = ILLEGAL_ADDRESS;
    } catch (const std::bad_alloc&) {
        device().failure = LAUNCH_FAILURE;
    }
}

/* Number of items that ran. What an item follows was queued before it, so this ends. */
size_t run(const Mark& mark) {
    Queue& queue = queueOf(mark.stream);
    size_t ran = 0;
    while (!queue.items.empty() && queue.items.front().ordinal <= mark.ordinal) {
        Item item = std::move(queue.items.front());
        queue.items.pop_front();
        for (const Mark& before : item.after) ran += run(before);
        perform(item);
        ran++;
    }
    return ran;
}

void countWait(size_t ran) {
    if (ran > 0) count(&ControlBlock::waits, 1);
}

}  // namespace

void enqueue(const char* function, const void* stream, std::vector<Range> ranges, Work work) {
    push(function, stream, std::move(ranges), std::move(work), implied(keyOf(stream)));
}

Mark markOf(const void* stream) {
    return {keyOf(stream), queueOf(stream).last};
}

void follow(const char* function, const void* stream, const Mark& mark) {
    std::vector<Mark> after = implied(keyOf(stream));
    after.push_back(mark);
    push(function, stream, {}, nullptr, std::move(after));
}

bool isReached(const Mark& mark) {
    const Queue& queue = queueOf(mark.stream);
    return queue.items.empty() || queue.items.front().ordinal > mark.ordinal;
}

void waitFor(const Mark& mark) {
    countWait(run(mark));
}

void waitForDevice() {
    std::vector<Mark> all;
    for (const auto& [stream, queue] : device().queues) all.push_back({stream, queue.last});
    size_t ran = 0;
    for (const Mark& mark : all) ran += run(mark);
    countWait(ran);
}

int takeFailure() {
    return std::exchange(device().failure, 0);
}

}  // namespace emulated

int keeploraEmulatedLaunch(const char* kernel, void* stream, bool (*run)(void*), void* state) {
    using namespace emulated;
    Call call(kernel, Call::RELEASE);
    try {
        call.stream(stream, INVALID_RESOURCE_HANDLE);
    } catch (const Refused& refused) {
        return refused.status;
    }
    count(&ControlBlock::launches, 1);
    enqueue(kernel, stream, {}, [=](Call&) {
        if (!run(state)) throw std::bad_alloc();
    });
    return 0;
}
