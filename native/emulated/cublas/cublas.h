/*
 * What the emulated cuBLAS functions share: the statuses, the wrapper around a call, and the checks of scalars, vectors and matrices.
 *
 * Matrices are column-major: element (i, j) lies at i + j * ld. Names and signatures of the exported functions are those of version 13.
 */
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>

#include "core/call.h"
#include "core/handles.h"

namespace emulated {

enum BlasStatus {
    BLAS_SUCCESS = 0,
    BLAS_NOT_INITIALIZED = 1,
    BLAS_ALLOC_FAILED = 3,
    BLAS_INVALID_VALUE = 7,
    BLAS_EXECUTION_FAILED = 13,
    BLAS_NOT_SUPPORTED = 15
};

enum { OP_N = 0, OP_T = 1, OP_C = 2 };
enum { LOWER = 0, UPPER = 1 };
enum { LEFT = 0, RIGHT = 1 };
enum { NON_UNIT = 0, UNIT = 1 };
enum { HOST_SCALARS = 0, DEVICE_SCALARS = 1 };
enum { DEFAULT_MATH = 0, PEDANTIC_MATH = 2, TF32_MATH = 3 };

/* A matrix operand; `index` is its problem's number in a batch. */
struct Operand {
    const char* name;
    const void* pointer;
    int64_t rows;
    int64_t cols;
    int64_t ld;
    size_t element;
    int64_t index = 0;
};

/* ld >= max(1, rows), and the whole operand lies in live device memory. */
void checkMatrix(Call& call, const Operand& operand);

/* No element belongs to both. */
void checkDisjoint(Call& call, const Operand& written, const Operand& other);

/* n elements that lie `increment` apart. */
void checkVector(Call& call, const char* name, const void* pointer, int64_t n, int64_t increment, size_t element);

/* One of the defined values of an enum. */
void checkOption(Call& call, const char* name, int value, int last);

/* The place of a scalar is the one that the handle's pointer mode says; `checkOption`-like, for reading or writing it. */
void checkScalar(Call& call, const BlasHandle& handle, const char* name, const void* pointer, size_t bytes);

/* The handle's stream and workspace are alive; the workspace will be overwritten, as the real library may. */
void enterHandle(Call& call, const BlasHandle& handle);

/* A number that is known at the call, or lies in device memory and is known when the work runs. */
template <class T>
struct Scalar {
    const T* place; /* null where the value is known */
    T value;

    T get() const { return place == nullptr ? value : *place; }
};

template <class T>
Scalar<T> scalar(Call& call, const BlasHandle& handle, const char* name, const T* pointer) {
    checkScalar(call, handle, name, pointer, sizeof(T));
    return handle.pointerMode == DEVICE_SCALARS ? Scalar<T>{pointer, T(0)} : Scalar<T>{nullptr, *pointer};
}

/* Where the BLAS starts in a vector: at its end when the increment is negative. */
inline int64_t vectorStart(int64_t n, int64_t increment) {
    return increment < 0 ? (1 - n) * increment : 0;
}

/* Runs the body of a cuBLAS function on a live handle; the body throws Refused for arguments that break the contract. */
template <class Body>
int handleCall(const char* function, void* handle, Body body) {
    Call call(function);
    if (call.injected()) return BLAS_EXECUTION_FAILED;
    try {
        call.requireOr(BLAS_NOT_INITIALIZED, isLive(HandleKind::CUBLAS, handle), "the handle %p is %s", handle, describeHandle(handle));
        body(call, blasState(handle));
        return BLAS_SUCCESS;
    } catch (const Refused& refused) {
        return refused.status == 0 ? int(BLAS_INVALID_VALUE) : refused.status;
    } catch (const std::bad_alloc&) {
        return BLAS_ALLOC_FAILED;
    }
}

/* A function that computes. */
template <class Body>
int blasCall(const char* function, void* handle, Body body) {
    return handleCall(function, handle, [&](Call& call, BlasHandle& state) {
        enterHandle(call, state);
        body(call, state);
    });
}

}  // namespace emulated
