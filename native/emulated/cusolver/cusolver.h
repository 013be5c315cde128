/*
 * What the emulated cuSOLVER functions share: the statuses, the wrapper around a call, and the checks of operands and workspaces.
 *
 * Names and signatures of the exported functions are those of version 12. Matrices are column-major. Empty problems are refused: the real
 * library does not say what it does with them.
 */
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

#include "core/call.h"
#include "core/handles.h"
#include "cusolver/lapack.h"

namespace emulated {

enum SolverStatus {
    SOLVER_SUCCESS = 0,
    SOLVER_NOT_INITIALIZED = 1,
    SOLVER_ALLOC_FAILED = 2,
    SOLVER_INVALID_VALUE = 3,
    SOLVER_EXECUTION_FAILED = 6,
    SOLVER_INTERNAL_ERROR = 7,
    SOLVER_NOT_SUPPORTED = 9
};

enum { CUDA_R_32F = 0, CUDA_R_64F = 1 };
enum { LOWER = 0, UPPER = 1 };
enum { NO_VECTORS = 0, VECTORS = 1 };

/* [rows x cols], all of them positive; ld >= rows; in live device memory. */
void checkSolverMatrix(Call& call, const char* name, const void* pointer, int64_t rows, int64_t cols, int64_t ld, size_t element);

/* Sizes fit LAPACK's integers and are positive. */
void checkOrder(Call& call, const char* name, int64_t value);

void checkChoice(Call& call, const char* name, int value, int last);

/* The device workspace is large enough; it will be overwritten. `needed` and `given` are numbers of elements. */
void enterWorkspace(Call& call, const SolverHandle& handle, void* workspace, int64_t given, int64_t needed,
                    size_t element);

/* The workspace in host memory is large enough; it is overwritten at once. In bytes. */
void enterHostWorkspace(Call& call, void* workspace, size_t given, size_t needed);

void checkInfo(Call& call, const int* info, int64_t count);

/* A live handle of the kind, or the status that a handle which was not created gets. */
void checkHandle(Call& call, HandleKind kind, const void* handle);

/* Fills an operand that the real function destroys. */
void destroyMatrix(void* pointer, int64_t rows, int64_t cols, int64_t ld, size_t element);

/* Runs the body of a cuSOLVER function on a live handle; the body throws Refused for arguments that break the contract. */
template <class Body>
int solverCall(const char* function, void* handle, Body body) {
    Call call(function);
    if (call.injected()) return SOLVER_EXECUTION_FAILED;
    try {
        checkHandle(call, HandleKind::CUSOLVER, handle);
        call.stream(solverState(handle).stream, SOLVER_INVALID_VALUE);
        body(call, solverState(handle));
        return SOLVER_SUCCESS;
    } catch (const Refused& refused) {
        return refused.status == 0 ? int(SOLVER_INVALID_VALUE) : refused.status;
    } catch (const std::bad_alloc&) {
        return SOLVER_ALLOC_FAILED;
    }
}

/* Creates and destroys handles, params and infos. */
int createSolverObject(const char* function, HandleKind kind, void** handle);
int destroySolverObject(const char* function, HandleKind kind, void* handle);

template <class T>
const Lapack<T>& routines(Call& call) {
    return lapack<T>(call, SOLVER_INTERNAL_ERROR);
}

}  // namespace emulated
