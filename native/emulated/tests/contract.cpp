/* Every breach of the real libraries' contracts that the emulation promises to notice is noticed, counted and named. */
#include <cstring>
#include <string>

#include "tests/suite.h"

namespace test {
namespace {

enum { N = 0, T = 1 };

/* The status is an error, one violation was counted, and it is the function's. */
void refused(int status, const char* function, const char* text) {
    static int64_t seen = 0;
    emulated::ControlBlock& block = emulated::control();
    std::string what = std::string(function) + " refuses: " + text;
    check(status != 0 && block.violations == seen + 1 && strcmp(block.function, function) == 0 && strstr(block.violation, text) != nullptr,
          what.c_str());
    seen = block.violations;
}

void memory() {
    void *pointer = nullptr, *pinned = nullptr, *pooled = nullptr;
    char host[64] = {};
    require(cudaMalloc(&pointer, 64), "cudaMalloc");
    require(cudaMallocHost(&pinned, 64), "cudaMallocHost");
    require(cudaMallocAsync(&pooled, 64, nullptr), "cudaMallocAsync");
    refused(cudaMemcpy(pointer, host, 65, 1), "cudaMemcpy", "65 bytes at offset 0 of an allocation of 64");
    refused(cudaMemcpy(host, pointer, 8, 1), "cudaMemcpy", "not device memory");
    refused(cudaMemcpy(host, static_cast<char*>(pointer) + 60, 8, 2), "cudaMemcpy", "8 bytes at offset 60");
    refused(cudaMemcpy(pinned, pointer, 65, 2), "cudaMemcpy", "65 bytes");
    refused(cudaMemset(pinned, 0, 8), "cudaMemset", "page-locked");
    refused(cudaMemcpy2DAsync(pointer, 4, host, 8, 8, 2, 1, nullptr), "cudaMemcpy2DAsync", "pitches 4 and 8");
    refused(cudaFree(static_cast<char*>(pointer) + 8), "cudaFree", "not the start");
    refused(cudaFree(pinned), "cudaFree", "page-locked");
    refused(cudaFree(host), "cudaFree", "not the start");
    refused(cudaFreeAsync(pointer, nullptr), "cudaFreeAsync", "was not allocated by cudaMallocAsync");
    require(cudaFree(pointer), "cudaFree");
    refused(cudaFree(pointer), "cudaFree", "was freed before");
    refused(cudaMemset(pointer, 0, 8), "cudaMemset", "was freed");
    require(cudaFreeAsync(pooled, nullptr), "cudaFreeAsync");
    require(cudaFreeHost(pinned), "cudaFreeHost");
    require(cudaFree(nullptr), "freeing null");
    check(cudaGetLastError() == 1 && cudaGetLastError() == 0, "the last error is told once");
}

void overrun() {
    char* pointer = nullptr;
    require(cudaMalloc(reinterpret_cast<void**>(&pointer), 100), "cudaMalloc");
    char kept = pointer[100];
    pointer[100] = 0;
    int64_t before = emulated::control().violations;
    require(cudaDeviceSynchronize(), "cudaDeviceSynchronize");
    check(emulated::control().violations == before + 1, "a write behind an allocation is noticed");
    refused(1, "cudaDeviceSynchronize", "behind the allocation of 100 bytes");
    pointer[100] = kept;
    require(cudaFree(pointer), "cudaFree");
}

void handles() {
    void *stream = nullptr, *event = nullptr, *untimed = nullptr;
    float milliseconds = 0;
    require(cudaStreamCreateWithFlags(&stream, 1), "stream");
    require(cudaEventCreate(&event), "event");
    require(cudaEventCreateWithFlags(&untimed, 2), "event");
    refused(cudaEventElapsedTime(&milliseconds, event, event), "cudaEventElapsedTime", "never recorded");
    require(cudaEventRecord(event, stream), "record");
    require(cudaEventRecord(untimed, stream), "record");
    require(cudaStreamWaitEvent(stream, event, 0), "wait");
    require(cudaStreamSynchronize(stream), "synchronize");
    require(cudaEventElapsedTime(&milliseconds, event, event), "elapsed");
    refused(cudaEventElapsedTime(&milliseconds, event, untimed), "cudaEventElapsedTime", "timing disabled");
    refused(cudaEventRecord(stream, nullptr), "cudaEventRecord", "a stream, not a live event");
    require(cudaStreamDestroy(stream), "destroy");
    refused(cudaStreamDestroy(stream), "cudaStreamDestroy", "a destroyed stream");
    refused(cudaStreamSynchronize(stream), "cudaStreamSynchronize", "a destroyed stream");
    require(cudaEventDestroy(event), "destroy");
    require(cudaEventDestroy(untimed), "destroy");
}

void blasArguments() {
    Blas blas;
    Device<float> a(12), b(12), c(12), large(64);
    Device<double> d(4);
    float one = 1, zero = 0, host[12] = {};
    const char* gemm = "cublasSgemm_v2";
    refused(cublasSgemm_v2(nullptr, N, N, 1, 1, 1, &one, a, 1, b, 1, &zero, c, 1), gemm, "null");
    refused(cublasSgemm_v2(blas, N, N, -1, 1, 1, &one, a, 1, b, 1, &zero, c, 1), gemm, "negative");
    refused(cublasSgemm_v2(blas, N, N, 4, 3, 3, &one, a, 3, b, 3, &zero, c, 4), gemm, "leading dimension of A is 3 but it has 4 rows");
    refused(cublasSgemm_v2(blas, N, N, 4, 3, 3, &one, a, 4, b, 3, &zero, c, 3), gemm, "leading dimension of C");
    refused(cublasSgemm_v2(blas, N, N, 4, 4, 3, &one, a, 4, b, 3, &zero, c, 4), gemm, "C needs 64 bytes");
    refused(cublasSgemm_v2(blas, 7, N, 2, 2, 2, &one, a, 2, b, 2, &zero, c, 2), gemm, "transa is 7");
    refused(cublasSgemm_v2(blas, N, N, 2, 2, 2, &one, host, 2, b, 2, &zero, c, 2), gemm, "A = ");
    refused(cublasSgemm_v2(blas, N, N, 2, 2, 2, &one, a, 2, nullptr, 2, &zero, c, 2), gemm, "B is null");
    refused(cublasSgemm_v2(blas, N, N, 2, 2, 2, a, a, 2, b, 2, &zero, c, 2), gemm, "alpha");
    refused(cublasSgemm_v2(blas, N, N, 2, 2, 2, &one, a, 2, b, 2, &zero, a + 2, 2), gemm, "overlaps A");
    refused(cublasSgemmStridedBatched(blas, N, N, 2, 2, 2, &one, a, 2, 4, b, 2, 4, &zero, c, 2, 2, 2), "cublasSgemmStridedBatched", "overlaps C");
    /* Blocks of rows of one matrix interleave without overlapping. */
    require(cudaMemset(large, 0, 256), "zero");
    require(cublasSgemm_v2(blas, N, N, 2, 2, 2, &one, large, 8, large + 2, 8, &zero, large + 4, 8), "interleaved operands");
    require(cublasSetPointerMode_v2(blas, 1), "device scalars");
    refused(cublasSgemm_v2(blas, N, N, 2, 2, 2, &one, a, 2, b, 2, &zero, c, 2), gemm, "alpha");
    refused(cublasDnrm2_v2(blas, 4, d, 2, d), "cublasDnrm2_v2", "x needs 56 bytes");
    require(cublasSetPointerMode_v2(blas, 0), "host scalars");

    const float* hostPointers[] = {a};
    float* hostTargets[] = {c};
    const int zeros[] = {0}, twos[] = {2}, ones[] = {1};
    refused(cublasSgemmGroupedBatched(blas, zeros, zeros, twos, twos, twos, &one, hostPointers, twos, hostPointers, twos, &zero, hostTargets, twos,
                                      1, ones),
            "cublasSgemmGroupedBatched", "Aarray");
    void* stream = nullptr;
    require(cudaStreamCreate(&stream), "stream");
    require(cublasSetStream_v2(blas, stream), "set stream");
    require(cudaStreamDestroy(stream), "destroy");
    refused(cublasSgemm_v2(blas, N, N, 2, 2, 2, &one, a, 2, b, 2, &zero, c, 2), gemm, "a destroyed stream");
}

void workspaceOfBlas() {
    Blas blas;
    Device<float> a(4), b(4), c(4);
    float one = 1, zero = 0;
    void* workspace = nullptr;
    require(cudaMalloc(&workspace, 1024), "cudaMalloc");
    require(cublasSetWorkspace_v2(blas, workspace, 1024), "set workspace");
    require(cudaMemset(workspace, 0, 1024), "fill");
    require(cublasSgemm_v2(blas, N, N, 2, 2, 2, &one, a, 2, b, 2, &zero, c, 2), "gemm");
    char after = 0;
    require(cudaMemcpy(&after, workspace, 1, 2), "copy");
    check(after == char(0xFF), "the workspace is overwritten");
    require(cudaFree(workspace), "cudaFree");
    refused(cublasSgemm_v2(blas, N, N, 2, 2, 2, &one, a, 2, b, 2, &zero, c, 2), "cublasSgemm_v2", "was freed");
}

void solverArguments() {
    Solver solver;
    Blas blas;
    Device<double> a(16), w(4), work(1000);
    Device<int> info(1);
    int lwork = 0, host = 0;
    require(cusolverDnDsyevd_bufferSize(solver, 1, 0, 4, a, 4, w, &lwork), "size");
    refused(cusolverDnDsyevd(solver, 1, 0, 4, a, 4, w, work, lwork - 1, info), "cusolverDnDsyevd", "bufferSize says");
    refused(cusolverDnDsyevd(solver, 1, 0, 4, a, 4, w, work, lwork, &host), "cusolverDnDsyevd", "info");
    refused(cusolverDnDsyevd(solver, 1, 0, 4, a, 3, w, work, lwork, info), "cusolverDnDsyevd", "lda is 3");
    refused(cusolverDnDsyevd(blas, 1, 0, 4, a, 4, w, work, lwork, info), "cusolverDnDsyevd", "a cuBLAS handle");
    refused(cusolverDnDgesvd_bufferSize(solver, 2, 4, &lwork), "cusolverDnDgesvd_bufferSize", "m >= n is required");
    refused(cusolverDnDgesvd(solver, 'S', 'S', 2, 4, a, 2, w, a, 2, a, 4, work, 1000, nullptr, info), "cusolverDnDgesvd", "m >= n is required");
    size_t device = 0, onHost = 0;
    require(cusolverDnXsyevBatched_bufferSize(solver, solver.params, 1, 0, 4, 1, a, 4, 1, w, 1, &device, &onHost, 1), "size");
    Device<char> bytes(device);
    refused(cusolverDnXsyevBatched(solver, solver.params, 1, 0, 4, 1, a, 4, 1, w, 1, bytes, device, nullptr, 0, info, 1), "cusolverDnXsyevBatched",
            "host workspace");
    refused(cusolverDnXsyevBatched(solver, nullptr, 1, 0, 4, 1, a, 4, 1, w, 1, bytes, device, nullptr, 0, info, 1), "cusolverDnXsyevBatched",
            "null");
    refused(cusolverDnXsyevBatched(solver, solver.params, 1, 0, 4, 1, a, 4, 1, w, 1, bytes, device, &host, 0, info, 2), "cusolverDnXsyevBatched",
            "A needs 256 bytes");
}

void twice() {
    void* handle = nullptr;
    require(cublasCreate_v2(&handle), "create");
    require(cublasDestroy_v2(handle), "destroy");
    refused(cublasDestroy_v2(handle), "cublasDestroy_v2", "destroyed");
}

}  // namespace

void contract() {
    memory();
    overrun();
    handles();
    blasArguments();
    workspaceOfBlas();
    solverArguments();
    twice();
}

}  // namespace test
