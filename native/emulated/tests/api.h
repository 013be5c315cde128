/* The exported functions that the tests call, as C declares them. */
#pragma once

#include <cstddef>
#include <cstdint>

#include "cudart/cudart.h"

extern "C" {

int cuInit(unsigned);
int cuDriverGetVersion(int*);
int cuDeviceGetCount(int*);

int cublasCreate_v2(void**);
int cublasDestroy_v2(void*);
int cublasSetStream_v2(void*, void*);
int cublasSetPointerMode_v2(void*, int);
int cublasSetMathMode(void*, int);
int cublasSetWorkspace_v2(void*, void*, size_t);
int cublasSgemm_v2(void*, int, int, int, int, int, const float*, const float*, int, const float*, int, const float*, float*, int);
int cublasDgemm_v2(void*, int, int, int, int, int, const double*, const double*, int, const double*, int, const double*, double*, int);
int cublasSgemmStridedBatched(void*, int, int, int, int, int, const float*, const float*, int, long long, const float*, int, long long,
                              const float*, float*, int, long long, int);
int cublasDgemmBatched(void*, int, int, int, int, int, const double*, const double* const*, int, const double* const*, int, const double*,
                       double* const*, int, int);
int cublasSgemmGroupedBatched(void*, const int*, const int*, const int*, const int*, const int*, const float*, const float* const*, const int*,
                              const float* const*, const int*, const float*, float* const*, const int*, int, const int*);
int cublasGemmEx(void*, int, int, int, int, int, const void*, const void*, int, int, const void*, int, int, const void*, void*, int, int, int,
                 int);
int cublasDsyrk_v2(void*, int, int, int, int, const double*, const double*, int, const double*, double*, int);
int cublasDsyr2k_v2(void*, int, int, int, int, const double*, const double*, int, const double*, int, const double*, double*, int);
int cublasDtrsm_v2(void*, int, int, int, int, int, int, const double*, const double*, int, double*, int);
int cublasDtrsmBatched(void*, int, int, int, int, int, int, const double*, const double* const*, int, double* const*, int, int);
int cublasDgeam(void*, int, int, int, int, const double*, const double*, int, const double*, const double*, int, double*, int);
int cublasDdgmm(void*, int, int, int, const double*, int, const double*, int, double*, int);
int cublasDnrm2_v2(void*, int, const double*, int, double*);
int cublasDscal_v2(void*, int, const double*, double*, int);
int cublasDcopy_v2(void*, int, const double*, int, double*, int);

int cusolverDnCreate(void**);
int cusolverDnDestroy(void*);
int cusolverDnSetStream(void*, void*);
int cusolverDnCreateParams(void**);
int cusolverDnDestroyParams(void*);
int cusolverDnCreateSyevjInfo(void**);
int cusolverDnDestroySyevjInfo(void*);
int cusolverDnXsyevjSetSortEig(void*, int);
int cusolverDnXsyevBatched_bufferSize(void*, void*, int, int, int64_t, int, const void*, int64_t, int, const void*, int, size_t*, size_t*,
                                      int64_t);
int cusolverDnXsyevBatched(void*, void*, int, int, int64_t, int, void*, int64_t, int, void*, int, void*, size_t, void*, size_t, int*, int64_t);
int cusolverDnDsyevd_bufferSize(void*, int, int, int, const double*, int, const double*, int*);
int cusolverDnDsyevd(void*, int, int, int, double*, int, double*, double*, int, int*);
int cusolverDnDsyevjBatched_bufferSize(void*, int, int, int, const double*, int, const double*, int*, void*, int);
int cusolverDnDsyevjBatched(void*, int, int, int, double*, int, double*, double*, int, int*, void*, int);
int cusolverDnSgesvd_bufferSize(void*, int, int, int*);
int cusolverDnSgesvd(void*, signed char, signed char, int, int, float*, int, float*, float*, int, float*, int, float*, int, float*, int*);
int cusolverDnDgesvd_bufferSize(void*, int, int, int*);
int cusolverDnDgesvd(void*, signed char, signed char, int, int, double*, int, double*, double*, int, double*, int, double*, int, double*, int*);
int cusolverDnXgesvd_bufferSize(void*, void*, signed char, signed char, int64_t, int64_t, int, const void*, int64_t, int, const void*, int,
                                const void*, int64_t, int, const void*, int64_t, int, size_t*, size_t*);
int cusolverDnXgesvd(void*, void*, signed char, signed char, int64_t, int64_t, int, void*, int64_t, int, void*, int, void*, int64_t, int, void*,
                     int64_t, int, void*, size_t, void*, size_t, int*);
int cusolverDnDgeqrf_bufferSize(void*, int, int, double*, int, int*);
int cusolverDnDgeqrf(void*, int, int, double*, int, double*, double*, int, int*);
int cusolverDnDorgqr_bufferSize(void*, int, int, int, const double*, int, const double*, int*);
int cusolverDnDorgqr(void*, int, int, int, double*, int, const double*, double*, int, int*);
int cusolverDnDormqr_bufferSize(void*, int, int, int, int, int, const double*, int, const double*, const double*, int, int*);
int cusolverDnDormqr(void*, int, int, int, int, int, const double*, int, const double*, double*, int, double*, int, int*);
int cusolverDnDpotrf_bufferSize(void*, int, int, double*, int, int*);
int cusolverDnDpotrf(void*, int, int, double*, int, double*, int, int*);
int cusolverDnDpotrfBatched(void*, int, int, double**, int, int*, int);

}
