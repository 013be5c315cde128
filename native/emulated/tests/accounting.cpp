/* Counters, injected failures, the switches of the control block, and device memory that the host must not touch. */
#include <cstring>

#include <sys/wait.h>
#include <unistd.h>

#include "core/memory.h"
#include "tests/suite.h"

namespace test {
namespace {

using emulated::ControlBlock;

ControlBlock& block() {
    return emulated::control();
}

void counters() {
    int64_t before = block().calls;
    void *pointer = nullptr, *stream = nullptr;
    require(cudaMalloc(&pointer, 1000), "cudaMalloc");
    require(cudaStreamCreate(&stream), "stream");
    {
        Solver solver;
        check(block().liveHandles == 2, "handles and params are counted");
    }
    check(block().calls == before + 4, "creating is counted, destroying is not");
    check(block().liveAllocations == 1 && block().liveBytes == 1000 && block().liveStreams == 1, "live things are counted");
    require(cudaStreamDestroy(stream), "destroy");
    require(cudaFree(pointer), "free");
    check(block().liveAllocations == 0 && block().liveBytes == 0 && block().liveStreams == 0, "ended things are not");
}

/* Any library, any call: it does nothing, says so by its status, and the next one works. */
void injection() {
    Blas blas;
    Device<float> a(std::vector<float>(4, 1)), c(std::vector<float>(4, 7));
    float one = 1, zero = 0;
    block().failAt = block().calls + 1;
    check(cublasSgemm_v2(blas, 0, 0, 2, 2, 2, &one, a, 2, a, 2, &zero, c, 2) == 13, "cuBLAS fails when it is told to");
    check(block().failAt == 0 && strcmp(block().function, "cublasSgemm_v2") == 0, "the failure is named, and spent");
    check(c.download()[0] == 7, "a failed call does nothing");
    require(cublasSgemm_v2(blas, 0, 0, 2, 2, 2, &one, a, 2, a, 2, &zero, c, 2), "the next call");

    void* pointer = nullptr;
    block().failAt = block().calls + 2;
    require(cudaDeviceSynchronize(), "the call before");
    check(cudaMalloc(&pointer, 8) == 2 && pointer == nullptr, "cudaMalloc fails as if memory were short");
    check(cudaGetLastError() == 2, "the failure is the last error");
    block().failAt = block().calls + 1;
    check(cudaDeviceSynchronize() == 719, "a call that computes fails as a kernel does");
    cudaGetLastError();
    void* handle = nullptr;
    block().failAt = block().calls + 1;
    check(cusolverDnCreate(&handle) == 2 && handle == nullptr, "cuSOLVER fails when it is told to");
    check(block().violations == 0, "an injected failure is no violation");
}

void switches() {
    int value = 0;
    size_t free = 0, total = 0;
    void* pointer = nullptr;
    require(cudaGetDeviceCount(&value), "count");
    check(value == 1, "one device by default");
    block().devicesPlusOne = 1;
    check(cudaGetDeviceCount(&value) == 100 && value == 0, "no device");
    check(cudaMalloc(&pointer, 8) == 100, "nothing works without a device");
    check(cublasCreate_v2(&pointer) == 1, "nor does cuBLAS");
    block().devicesPlusOne = 0;
    require(cudaRuntimeGetVersion(&value), "version");
    check(value == 13010, "version 13.1 by default");
    block().version = 12040;
    require(cudaRuntimeGetVersion(&value), "version");
    check(value == 12040 && cudaSetDevice(0) == 35, "an old driver is insufficient");
    block().version = 0;
    block().driverVersion = 13000;
    require(cuDriverGetVersion(&value), "version");
    check(value == 13000, "the driver may differ from the runtime");
    block().driverVersion = 0;
    block().memoryBytes = 1000;
    check(cudaMalloc(&pointer, 1001) == 2, "memory is limited");
    require(cudaMalloc(&pointer, 600), "cudaMalloc");
    require(cudaMemGetInfo(&free, &total), "cudaMemGetInfo");
    check(free == 400 && total == 1000, "cudaMemGetInfo tells what is left");
    require(cudaFree(pointer), "cudaFree");
    block().memoryBytes = 0;
    cudaGetLastError();
}

void garbage() {
    Device<float> fresh(3);
    check(std::isnan(fresh.download()[0]) && std::isnan(fresh.download()[2]), "fresh memory holds NaN");
}

/* A child process shares the counters. */
void processes() {
    int64_t before = block().calls;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        cudaDeviceSynchronize();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    check(status == 0 && block().calls == before + 1, "processes share the block");
}

/* Whether a child that reads the address from the host ends by a fault; a sanitizer turns the fault into an exit. */
bool faults(const volatile float* address) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        fclose(stderr);
        static_cast<void>(*address);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) || WEXITSTATUS(status) != 0;
}

}  // namespace

void accounting() {
    counters();
    injection();
    switches();
    garbage();
    processes();
}

void protection() {
    Device<float> memory(std::vector<float>{1, 2, 3});
    check(faults(memory), "the host cannot read device memory");
    float* place = memory;
    auto kernel = [](void* state) {
        const float* values = *static_cast<float**>(state);
        check(!faults(values) && values[2] == 3, "a kernel can");
        return true;
    };
    require(keeploraEmulatedLaunch("kernel", nullptr, kernel, &place), "launch");
    require(cudaStreamSynchronize(nullptr), "synchronize");
    check(faults(memory), "and the host cannot afterwards");
    check(memory.download() == std::vector<float>({1, 2, 3}), "copies work");
    Blas blas;
    Device<float> c(1);
    float one = 1, zero = 0;
    require(cublasSgemm_v2(blas, 0, 0, 1, 1, 1, &one, memory, 1, memory + 2, 1, &zero, c, 1), "gemm");
    check(c.download()[0] == 3, "products work");
}

}  // namespace test
