#include "guarded.h"
#include "random_signs.h"

namespace {

template <class T>
void checkSigns(int64_t type, int64_t elements, int64_t seed, int64_t shift) {
    Guarded<T> values(std::vector<T>(static_cast<size_t>(elements), T(5)), shift);
    klr_signs_problem problem{values.device(), elements, type, seed};
    checkOk(klr_random_signs(&problem, 1, nullptr));
    std::vector<T> signs = values.read();
    for (int64_t i = 0; i < elements; i++) {
        double expected = reference::randomSign(static_cast<uint64_t>(seed), static_cast<uint64_t>(i));
        if (signs[i] != expected) {
            CHECK(false, "seed %lld, %lld elements: sign %lld is %g", static_cast<long long>(seed), static_cast<long long>(elements),
                  static_cast<long long>(i), static_cast<double>(signs[i]));
            return;
        }
    }
}

/* Published outputs for seed 0. */
void theReferenceIsSplitmix64() {
    CHECK(reference::splitmix64(0, 0) == 0xE220A8397B1DCDAFu, "first output");
    CHECK(reference::splitmix64(0, 1) == 0x6E789E6AA1B965F4u, "second output");
}

void everySignAgrees() {
    for (int64_t elements : {0, 1, 3, 4, 63, 64, 65, 257, 4096, 10007}) {
        for (int64_t shift : {0, 1}) {
            checkSigns<float>(KLR_F32, elements, 42, shift);
            checkSigns<double>(KLR_F64, elements, -1, shift);
        }
    }
    checkSigns<float>(KLR_F32, 100, INT64_MIN, 0);
}

void manyProblems() {
    constexpr int64_t COUNT = 301;
    Guarded<float> values(std::vector<float>(COUNT * 5));
    std::vector<klr_signs_problem> problems;
    for (int64_t i = 0; i < COUNT; i++) {
        problems.push_back({values.device() + i * 5, 5, KLR_F32, i * 977});
    }
    checkOk(klr_random_signs(problems.data(), COUNT, nullptr));
    std::vector<float> signs = values.read();
    for (int64_t i = 0; i < COUNT * 5; i++) {
        double expected = reference::randomSign(static_cast<uint64_t>(i / 5 * 977), static_cast<uint64_t>(i % 5));
        CHECK(signs[i] == expected, "problem %lld", static_cast<long long>(i / 5));
    }
}

void badArguments() {
    klr_signs_problem problem{nullptr, 4, KLR_F64, 1};
    checkRefused(klr_random_signs(&problem, 1, nullptr), "klr_random_signs: problem 0: values");
    problem = {nullptr, INT64_MAX, KLR_F64, 1};
    checkRefused(klr_random_signs(&problem, 1, nullptr), "elements is 9223372036854775807; must be in [0, 2^48)");
}

}  // namespace

int main() {
    return runTests({{"the reference is splitmix64", theReferenceIsSplitmix64},
                     {"every sign agrees", everySignAgrees},
                     {"many problems", manyProblems},
                     {"bad arguments", badArguments}});
}
