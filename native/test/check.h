/* Assertions that count, and the frame of a test program. */
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "device.h"
#include "klr.h"

inline int failures = 0;

#define CHECK(condition, ...)                                                  \
    do {                                                                       \
        if (!(condition)) {                                                    \
            failures++;                                                        \
            std::fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition); \
            std::fprintf(stderr, __VA_ARGS__);                                 \
            std::fputc('\n', stderr);                                          \
        }                                                                      \
    } while (0)

inline void checkOk(klr_status status) {
    CHECK(status == KLR_OK, "status %d: %s", status, klr_last_error());
    cudaDeviceSynchronize();
}

/* Refused, with a text that says `text`. */
inline void checkRefused(klr_status status, const std::string& text) {
    CHECK(status == KLR_BAD_ARGUMENT, "status %d", status);
    CHECK(std::string(klr_last_error()).find(text) != std::string::npos, "'%s' is not in '%s'", text.c_str(), klr_last_error());
}

/* Every run the same numbers; KLR_SEED=<n> takes others. */
inline std::mt19937_64& randomness() {
    static const char* given = std::getenv("KLR_SEED");
    static std::mt19937_64 generator(given == nullptr ? 1 : std::strtoull(given, nullptr, 10));
    return generator;
}

inline std::vector<double> normals(int64_t count) {
    std::normal_distribution<double> normal;
    std::vector<double> values(static_cast<size_t>(count));
    for (double& value : values) {
        value = normal(randomness());
    }
    return values;
}

/* Runs the tests; 77 where kernels need a GPU and there is none. */
inline int runTests(const std::vector<std::pair<const char*, std::function<void()>>>& tests) {
    int devices = 0;
    if (klr_on_device() && (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0)) {
        std::puts("skipped: the kernels were built for a GPU and there is none");
        return 77;
    }
    std::printf("KLR_SEED=%s\n", std::getenv("KLR_SEED") == nullptr ? "1" : std::getenv("KLR_SEED"));
    for (const auto& [name, test] : tests) {
        int before = failures;
        test();
        std::printf("%s %s\n", failures == before ? "passed" : "FAILED", name);
    }
    return failures == 0 ? 0 : 1;
}
