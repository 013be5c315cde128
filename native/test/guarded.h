/*
 * An array in device memory between two guard zones that no kernel may touch. Under the address sanitizer there are no zones, so that
 * it sees reads outside as well.
 */
#pragma once

#include <cstring>
#include <memory>
#include <vector>

#include "check.h"

template <class T>
class Guarded {
public:
    /* `shift` elements move the first one off its alignment. */
    explicit Guarded(const std::vector<T>& values, int64_t shift = 0)
        : length_(values.size()), before_(ZONE + static_cast<size_t>(shift) * sizeof(T)), image_(before_ + length_ * sizeof(T) + ZONE, MARK) {
        if (length_ > 0) {
            std::memcpy(image_.data() + before_, values.data(), length_ * sizeof(T));
        }
        void* memory = nullptr;
        cudaError_t error = cudaMalloc(&memory, image_.size() + 1);
        if (error != cudaSuccess) {
            std::fprintf(stderr, "no device memory for a test: %s\n", cudaGetErrorString(error));
            std::exit(1);
        }
        memory_.reset(static_cast<unsigned char*>(memory));
        cudaMemcpy(memory, image_.data(), image_.size(), cudaMemcpyHostToDevice);
    }

    T* device() const { return reinterpret_cast<T*>(memory_.get() + before_); }

    /* The values now; a changed zone is a failure. */
    std::vector<T> read() {
        std::vector<unsigned char> now(image_.size());
        cudaMemcpy(now.data(), memory_.get(), now.size(), cudaMemcpyDeviceToHost);
        size_t end = before_ + length_ * sizeof(T);
        for (size_t i = 0; i < now.size(); i++) {
            if ((i < before_ || i >= end) && now[i] != MARK) {
                CHECK(false, "byte %lld of the guard zone was written", static_cast<long long>(i < before_ ? i - before_ : i - end));
                break;
            }
        }
        std::vector<T> values(length_);
        if (length_ > 0) {
            std::memcpy(values.data(), now.data() + before_, length_ * sizeof(T));
        }
        return values;
    }

private:
#ifdef __SANITIZE_ADDRESS__
    static constexpr size_t ZONE = 0;
#else
    static constexpr size_t ZONE = 256;
#endif
    static constexpr unsigned char MARK = 0xA5;

    struct Free {
        void operator()(unsigned char* memory) const { cudaFree(memory); }
    };

    size_t length_;
    size_t before_;
    std::vector<unsigned char> image_;
    std::unique_ptr<unsigned char, Free> memory_;
};

template <class To, class From>
std::vector<To> cast(const std::vector<From>& values) {
    return std::vector<To>(values.begin(), values.end());
}
