/* Handles of cuSOLVER, and the checks that cusolver.h promises. */
#include "cusolver/cusolver.h"

#include <climits>
#include <cstring>

#include "core/memory.h"

namespace emulated {

void checkSolverMatrix(Call& call, const char* name, const void* pointer, int64_t rows, int64_t cols, int64_t ld, size_t element) {
    call.require(rows > 0 && cols > 0, "%s is [%lld x %lld]", name, (long long)rows, (long long)cols);
    call.require(ld >= rows && ld <= INT_MAX, "leading dimension of %s is %lld but it has %lld rows", name, (long long)ld, (long long)rows);
    call.device(name, pointer, size_t((cols - 1) * ld + rows) * element, element);
}

void checkOrder(Call& call, const char* name, int64_t value) {
    call.require(value > 0 && value <= INT_MAX, "%s is %lld; the real function does not promise to take it", name, (long long)value);
}

void checkChoice(Call& call, const char* name, int value, int last) {
    call.require(value >= 0 && value <= last, "%s is %d, which is not defined here", name, value);
}

void enterWorkspace(Call& call, const SolverHandle& handle, void* workspace, int64_t given, int64_t needed,
                    size_t element) {
    call.require(given >= needed, "the workspace has %lld elements of %zu bytes but bufferSize says %lld for these arguments", (long long)given,
                 element, (long long)needed);
    call.device("workspace", workspace, size_t(given) * element, element);
    call.enqueue(handle.stream, [=](Call&) { memset(workspace, 0xFF, size_t(given) * element); });
}

void enterHostWorkspace(Call& call, void* workspace, size_t given, size_t needed) {
    call.require(given >= needed, "the host workspace has %zu bytes but bufferSize says %zu for these arguments", given, needed);
    call.host("host workspace", workspace);
    memset(workspace, 0xFF, given);
}

void checkInfo(Call& call, const int* info, int64_t count) {
    call.device("info", info, size_t(count) * sizeof(int), sizeof(int));
}

void checkHandle(Call& call, HandleKind kind, const void* handle) {
    call.requireOr(kind == HandleKind::CUSOLVER ? SOLVER_NOT_INITIALIZED : SOLVER_INVALID_VALUE, isLive(kind, handle), "the handle %p is %s",
                   handle, describeHandle(handle));
}

void destroyMatrix(void* pointer, int64_t rows, int64_t cols, int64_t ld, size_t element) {
    for (int64_t col = 0; col < cols; col++) {
        memset(static_cast<char*>(pointer) + size_t(col * ld) * element, 0xFF, size_t(rows) * element);
    }
}

int createSolverObject(const char* function, HandleKind kind, void** handle) {
    Call call(function);
    if (call.injected()) return SOLVER_ALLOC_FAILED;
    try {
        call.deviceExists(SOLVER_NOT_INITIALIZED);
        call.require(handle != nullptr, "the place for the handle is null");
        *handle = createHandle(kind);
        return SOLVER_SUCCESS;
    } catch (const Refused& refused) {
        return refused.status == 0 ? int(SOLVER_INVALID_VALUE) : refused.status;
    }
}

int destroySolverObject(const char* function, HandleKind kind, void* handle) {
    Call call(function, Call::RELEASE);
    if (destroyHandle(kind, handle)) return SOLVER_SUCCESS;
    call.violation("the handle %p is %s", handle, describeHandle(handle));
    return kind == HandleKind::CUSOLVER ? SOLVER_NOT_INITIALIZED : SOLVER_INVALID_VALUE;
}

}  // namespace emulated

using namespace emulated;

namespace {

constexpr int VERSION = 12009;

template <class Body>
int infoCall(const char* function, void* info, Body body) {
    Call call(function);
    if (call.injected()) return SOLVER_EXECUTION_FAILED;
    try {
        checkHandle(call, HandleKind::SYEVJ_INFO, info);
        body(call, syevjState(info));
        return SOLVER_SUCCESS;
    } catch (const Refused& refused) {
        return refused.status == 0 ? int(SOLVER_INVALID_VALUE) : refused.status;
    }
}

}  // namespace

extern "C" {

int cusolverGetVersion(int* version) {
    Call call(__func__);
    if (call.injected()) return SOLVER_EXECUTION_FAILED;
    try {
        call.host("version", version);
        *version = VERSION;
        return SOLVER_SUCCESS;
    } catch (const Refused&) {
        return SOLVER_INVALID_VALUE;
    }
}

int cusolverDnCreate(void** handle) {
    return createSolverObject(__func__, HandleKind::CUSOLVER, handle);
}

int cusolverDnDestroy(void* handle) {
    return destroySolverObject(__func__, HandleKind::CUSOLVER, handle);
}

int cusolverDnSetStream(void* handle, void* stream) {
    Call call(__func__);
    if (call.injected()) return SOLVER_EXECUTION_FAILED;
    try {
        checkHandle(call, HandleKind::CUSOLVER, handle);
        call.stream(stream, SOLVER_INVALID_VALUE);
        solverState(handle).stream = stream;
        return SOLVER_SUCCESS;
    } catch (const Refused& refused) {
        return refused.status;
    }
}

int cusolverDnCreateParams(void** params) {
    return createSolverObject(__func__, HandleKind::CUSOLVER_PARAMS, params);
}

int cusolverDnDestroyParams(void* params) {
    return destroySolverObject(__func__, HandleKind::CUSOLVER_PARAMS, params);
}

int cusolverDnCreateSyevjInfo(void** info) {
    return createSolverObject(__func__, HandleKind::SYEVJ_INFO, info);
}

int cusolverDnDestroySyevjInfo(void* info) {
    return destroySolverObject(__func__, HandleKind::SYEVJ_INFO, info);
}

int cusolverDnXsyevjSetTolerance(void* info, double tolerance) {
    return infoCall(__func__, info, [&](Call& call, SyevjInfo& state) {
        call.require(tolerance >= 0, "tolerance is %g", tolerance);
        state.tolerance = tolerance;
    });
}

int cusolverDnXsyevjSetMaxSweeps(void* info, int sweeps) {
    return infoCall(__func__, info, [&](Call& call, SyevjInfo& state) {
        call.require(sweeps > 0, "max_sweeps is %d", sweeps);
        state.maxSweeps = sweeps;
    });
}

int cusolverDnXsyevjSetSortEig(void* info, int sorted) {
    return infoCall(__func__, info, [&](Call& call, SyevjInfo& state) {
        call.require(sorted == 0 || sorted == 1, "sort_eig is %d", sorted);
        state.sorted = sorted == 1;
    });
}

}
