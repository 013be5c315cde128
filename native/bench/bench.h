/* Device memory, timing and the table of klr_bench. */
#pragma once

#include <cuda_runtime.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "klr.h"

namespace bench {

inline void require(bool holds, const char* what, const char* why) {
    if (!holds) {
        std::fprintf(stderr, "klr_bench: %s: %s\n", what, why);
        std::exit(1);
    }
}

inline void require(cudaError_t error, const char* what) {
    require(error == cudaSuccess, what, cudaGetErrorString(error));
}

inline void require(klr_status status, const char* what) {
    require(status == KLR_OK, what, klr_last_error());
}

/* An array in device memory. */
template <class T>
class Array {
public:
    explicit Array(const std::vector<T>& values) : length_(values.size()) {
        void* memory = nullptr;
        require(cudaMalloc(&memory, std::max<size_t>(1, length_ * sizeof(T))), "device memory");
        memory_.reset(static_cast<T*>(memory));
        require(cudaMemcpy(memory, values.data(), length_ * sizeof(T), cudaMemcpyHostToDevice), "copy to the device");
    }

    T* at(int64_t i = 0) const { return memory_.get() + i; }

    std::vector<T> read() const {
        std::vector<T> values(length_);
        require(cudaMemcpy(values.data(), memory_.get(), length_ * sizeof(T), cudaMemcpyDeviceToHost), "copy from the device");
        return values;
    }

private:
    struct Free {
        void operator()(T* memory) const { cudaFree(memory); }
    };
    size_t length_;
    std::unique_ptr<T, Free> memory_;
};

template <class T>
std::vector<T> normals(int64_t count) {
    static std::mt19937_64 generator(1);
    std::normal_distribution<double> normal;
    std::vector<T> values(static_cast<size_t>(count));
    for (T& value : values) {
        value = static_cast<T>(normal(generator));
    }
    return values;
}

inline int attribute(cudaDeviceAttr which) {
    int value = 0;
    require(cudaDeviceGetAttribute(&value, which, 0), "device attribute");
    return value;
}

/* Bytes a second that the device's memory moves at its clock. */
inline double bandwidth() {
    return 2e3 * attribute(cudaDevAttrMemoryClockRate) * attribute(cudaDevAttrGlobalMemoryBusWidth) / 8;
}

struct Work {
    const char* operation;
    std::string shape;
    double flops;
    double bytes; /* least that has to pass the memory */
};

/* Median, least and most of `shots` runs in milliseconds, by events on the default stream, after five runs to warm up. */
inline std::vector<double> time(const std::function<klr_status()>& run, int shots) {
    cudaEvent_t before;
    cudaEvent_t after;
    require(cudaEventCreate(&before), "event");
    require(cudaEventCreate(&after), "event");
    std::vector<double> times;
    for (int i = -5; i < shots; i++) {
        float milliseconds = 0;
        require(cudaEventRecord(before), "event");
        require(run(), "launch");
        require(cudaEventRecord(after), "event");
        require(cudaEventSynchronize(after), "kernel");
        require(cudaEventElapsedTime(&milliseconds, before, after), "event");
        if (i >= 0) {
            times.push_back(milliseconds);
        }
    }
    cudaEventDestroy(before);
    cudaEventDestroy(after);
    std::sort(times.begin(), times.end());
    return {times[times.size() / 2], times.front(), times.back()};
}

inline void header() {
    std::puts("| operation | shape | ms | min .. max | GFLOP/s | GB/s |\n|---|---|---:|---:|---:|---:|");
}

inline void row(const Work& work, const std::vector<double>& ms) {
    std::printf("| %s | %s | %.4f | %.4f .. %.4f | %.0f | %.0f |\n", work.operation, work.shape.c_str(), ms[0], ms[1], ms[2],
                work.flops / ms[0] / 1e6, work.bytes / ms[0] / 1e6);
    std::fflush(stdout);
}

}  // namespace bench
