#include <limits>

#include "guarded.h"
#include "tolerance.h"

namespace {

struct Measured {
    double norm;
    double largest;
};

/* The plain loop, scaled by the largest magnitude. */
Measured plain(const std::vector<double>& values) {
    double largest = 0;
    for (double value : values) {
        largest = std::fmax(largest, std::fabs(value));
    }
    double squares = 0;
    for (double value : values) {
        squares += largest > 0 ? value / largest * (value / largest) : 0;
    }
    return {largest * std::sqrt(squares), largest};
}

Guarded<double> scratchFor(int64_t problems) {
    return Guarded<double>(std::vector<double>(static_cast<size_t>(problems) * KLR_MAGNITUDE_SCRATCH, NAN));
}

template <class T>
Measured measure(int64_t type, const std::vector<T>& values, int64_t shift = 0) {
    Guarded<T> array(values, shift);
    Guarded<double> result({-1, -1});
    Guarded<double> scratch = scratchFor(1);
    klr_magnitude_problem problem{array.device(), static_cast<int64_t>(values.size()), type, result.device()};
    checkOk(klr_magnitudes(&problem, 1, scratch.device(), nullptr));
    scratch.read();
    std::vector<double> numbers = result.read();
    return {numbers[0], numbers[1]};
}

template <class T>
void checkMeasured(int64_t type, const std::vector<T>& values) {
    Measured expected = plain(cast<double>(values));
    Measured found = measure(type, values);
    double allowed = reference::tolerance(static_cast<double>(values.size()), reference::UNIT_F64, expected.norm) +
                     std::numeric_limits<double>::denorm_min();
    CHECK(found.largest == expected.largest, "largest %g, not %g", found.largest, expected.largest);
    CHECK(std::fabs(found.norm - expected.norm) <= allowed, "norm %.17g, not %.17g", found.norm, expected.norm);
}

void normsAgreeWithThePlainLoop() {
    for (int64_t elements : {0, 1, 2, 3, 5, 31, 1023, 8191, 8192, 8193, 100003, 600011}) {
        checkMeasured(KLR_F64, normals(elements));
        checkMeasured(KLR_F32, cast<float>(normals(elements)));
    }
}

void nothingOverflowsOrVanishes() {
    for (double scale : {1e307, 1e300, 1e160, 1e145, 1e-145, 1e-150, 1e-151, 1e-160, 1e-300, 1e-320}) {
        checkMeasured(KLR_F64, std::vector<double>{3 * scale, -4 * scale});
    }
    for (double scale : {1.0, 1e148, 1e-148}) {
        for (double other : {1e-300, 1e-155, 1e-3, 1e3, 1e144, 1e155}) {
            checkMeasured(KLR_F64, std::vector<double>{scale, 2 * other, -scale, other});
        }
    }
    checkMeasured(KLR_F32, std::vector<float>(64, std::numeric_limits<float>::max()));
    checkMeasured(KLR_F32, std::vector<float>(64, std::numeric_limits<float>::denorm_min()));
    checkMeasured(KLR_F64, std::vector<double>(700));
}

void theSameBitsWhereverTheNumbersLie() {
    std::vector<double> values = normals(20011);
    Measured there = measure(KLR_F64, values);
    Measured elsewhere = measure(KLR_F64, values, 1);
    CHECK(there.norm == elsewhere.norm, "norm %.17g and %.17g", there.norm, elsewhere.norm);
    Measured narrow = measure(KLR_F32, cast<float>(values));
    Measured narrowElsewhere = measure(KLR_F32, cast<float>(values), 3);
    CHECK(narrow.norm == narrowElsewhere.norm, "norm %.17g and %.17g", narrow.norm, narrowElsewhere.norm);
}

template <class T>
void checkNotFinite(int64_t type) {
    for (size_t at : {0, 777, 9999, 10000}) {
        std::vector<T> values = cast<T>(normals(10001));
        values[at] = -std::numeric_limits<T>::infinity();
        Measured infinite = measure(type, values);
        CHECK(std::isinf(infinite.norm) && std::isinf(infinite.largest), "%g, %g", infinite.norm, infinite.largest);
        values[9999 - at % 9999] = std::numeric_limits<T>::quiet_NaN();
        Measured undefined = measure(type, values);
        CHECK(std::isnan(undefined.norm) && std::isnan(undefined.largest), "%g, %g", undefined.norm, undefined.largest);
    }
}

void aNumberThatIsNotFiniteIsSeen() {
    checkNotFinite<float>(KLR_F32);
    checkNotFinite<double>(KLR_F64);
}

void manyProblems() {
    constexpr int64_t COUNT = 131;
    Guarded<float> values(cast<float>(normals(COUNT * 3)));
    Guarded<double> results(std::vector<double>(COUNT * 2));
    std::vector<klr_magnitude_problem> problems;
    for (int64_t i = 0; i < COUNT; i++) {
        problems.push_back({values.device() + i * 3, 3, KLR_F32, results.device() + i * 2});
    }
    Guarded<double> scratch = scratchFor(COUNT);
    checkOk(klr_magnitudes(problems.data(), COUNT, scratch.device(), nullptr));
    scratch.read();
    std::vector<double> all = cast<double>(values.read());
    std::vector<double> found = results.read();
    for (int64_t i = 0; i < COUNT; i++) {
        Measured expected = plain({all.begin() + i * 3, all.begin() + i * 3 + 3});
        CHECK(found[i * 2 + 1] == expected.largest, "problem %lld", static_cast<long long>(i));
    }
}

void badArguments() {
    klr_magnitude_problem problem{nullptr, 4, KLR_F32, nullptr};
    double memory[KLR_MAGNITUDE_SCRATCH];
    checkRefused(klr_magnitudes(&problem, 1, memory, nullptr), "klr_magnitudes: problem 0: values");
    problem = {nullptr, 0, KLR_BF16, memory};
    checkRefused(klr_magnitudes(&problem, 1, memory, nullptr), "type is 3");
    problem = {nullptr, 0, KLR_F32, memory};
    checkRefused(klr_magnitudes(&problem, 1, nullptr, nullptr), "scratch is null");
}

}  // namespace

int main() {
    return runTests({{"norms agree with the plain loop", normsAgreeWithThePlainLoop},
                     {"nothing overflows or vanishes", nothingOverflowsOrVanishes},
                     {"the same bits wherever the numbers lie", theSameBitsWhereverTheNumbersLie},
                     {"a number that is not finite is seen", aNumberThatIsNotFiniteIsSeen},
                     {"many problems", manyProblems},
                     {"bad arguments", badArguments}});
}
