/*
 * The LAPACK that decomposes, found when the first decomposition is asked for: nothing of it is needed to build or to load the emulation.
 *
 * Looked for in this order: the file that KEEPLORA_EMULATED_LAPACK names; a libopenblas.so.0 that the process has loaded already, as a JVM
 * with JavaCPP's OpenBLAS has; libopenblas.so.0 and liblapack.so.3 beside this library, on LD_LIBRARY_PATH, or in the system.
 * Integers are 32 bits wide; the lengths of the text arguments follow at the end, as Fortran passes them.
 */
#pragma once

#include <cstddef>

#include "core/call.h"

namespace emulated {

template <class T>
struct Lapack {
    void (*syevd)(const char* jobz, const char* uplo, const int* n, T* a, const int* lda, T* w, T* work, const int* lwork, int* iwork,
                  const int* liwork, int* info, size_t, size_t);
    void (*gesvd)(const char* jobu, const char* jobvt, const int* m, const int* n, T* a, const int* lda, T* s, T* u, const int* ldu, T* vt,
                  const int* ldvt, T* work, const int* lwork, int* info, size_t, size_t);
    void (*geqrf)(const int* m, const int* n, T* a, const int* lda, T* tau, T* work, const int* lwork, int* info);
    void (*orgqr)(const int* m, const int* n, const int* k, T* a, const int* lda, const T* tau, T* work, const int* lwork, int* info);
    void (*ormqr)(const char* side, const char* trans, const int* m, const int* n, const int* k, T* a, const int* lda, const T* tau, T* c,
                  const int* ldc, T* work, const int* lwork, int* info, size_t, size_t);
    void (*potrf)(const char* uplo, const int* n, T* a, const int* lda, int* info, size_t);
};

/* The routines of one type; where there is no LAPACK, says so on stderr and throws Refused with `missing`. */
template <class T>
const Lapack<T>& lapack(Call& call, int missing);

}  // namespace emulated
