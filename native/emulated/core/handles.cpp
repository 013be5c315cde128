#include "core/handles.h"

#include <cstdint>
#include <unordered_map>

#include "core/control.h"

namespace emulated {
namespace {

struct Record {
    HandleKind kind;
    bool live;
    Stream stream;
    Event event;
    BlasHandle blas;
    SolverHandle solver;
    SyevjInfo syevj;
};

/* Above what a process maps, and not canonical: a dereference faults. */
constexpr uintptr_t FIRST_HANDLE = uintptr_t(0x0CDA) << 48;
constexpr uintptr_t STEP = 16;

std::unordered_map<uintptr_t, Record>& records() {
    static auto* all = new std::unordered_map<uintptr_t, Record>;
    return *all;
}

int64_t ControlBlock::*counterOf(HandleKind kind) {
    if (kind == HandleKind::STREAM) return &ControlBlock::liveStreams;
    if (kind == HandleKind::EVENT) return &ControlBlock::liveEvents;
    return &ControlBlock::liveHandles;
}

Record* find(const void* handle) {
    auto found = records().find(reinterpret_cast<uintptr_t>(handle));
    return found == records().end() ? nullptr : &found->second;
}

const char* nameOf(const Record& record) {
    switch (record.kind) {
        case HandleKind::STREAM: return record.live ? "a stream" : "a destroyed stream";
        case HandleKind::EVENT: return record.live ? "an event" : "a destroyed event";
        case HandleKind::CUBLAS: return record.live ? "a cuBLAS handle" : "a destroyed cuBLAS handle";
        case HandleKind::CUSOLVER: return record.live ? "a cuSOLVER handle" : "a destroyed cuSOLVER handle";
        case HandleKind::CUSOLVER_PARAMS: return record.live ? "cuSOLVER params" : "destroyed cuSOLVER params";
        case HandleKind::SYEVJ_INFO: return record.live ? "a syevj info" : "a destroyed syevj info";
    }
    return "unknown";
}

}  // namespace

void* createHandle(HandleKind kind) {
    uintptr_t handle = FIRST_HANDLE + STEP * records().size();
    Record record{};
    record.kind = kind;
    record.live = true;
    record.event.timed = true;
    record.syevj.sorted = true;
    records().emplace(handle, record);
    count(counterOf(kind), 1);
    return reinterpret_cast<void*>(handle);
}

bool destroyHandle(HandleKind kind, void* handle) {
    if (!isLive(kind, handle)) return false;
    find(handle)->live = false;
    count(counterOf(kind), -1);
    return true;
}

bool isLive(HandleKind kind, const void* handle) {
    const Record* record = find(handle);
    return record != nullptr && record->live && record->kind == kind;
}

bool isDefaultStream(const void* handle) {
    return reinterpret_cast<uintptr_t>(handle) <= 2;
}

const char* describeHandle(const void* handle) {
    const Record* record = find(handle);
    return handle == nullptr ? "null" : record == nullptr ? "unknown" : nameOf(*record);
}

Stream& streamState(const void* handle) {
    return find(handle)->stream;
}

Event& eventState(const void* handle) {
    return find(handle)->event;
}

BlasHandle& blasState(const void* handle) {
    return find(handle)->blas;
}

SolverHandle& solverState(const void* handle) {
    return find(handle)->solver;
}

SyevjInfo& syevjState(const void* handle) {
    return find(handle)->syevj;
}

}  // namespace emulated
