#include <limits>

#include "guarded.h"
#include "tolerance.h"

namespace {

struct Measured {
    double norm;
    double largest;
};

/* The plain loop, scaled as the kernel's. */
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

template <class T>
Measured measure(int64_t type, const std::vector<T>& values) {
    Guarded<T> array(values);
    Guarded<double> result({-1, -1});
    klr_magnitude_problem problem{array.device(), static_cast<int64_t>(values.size()), type, result.device()};
    checkOk(klr_magnitudes(&problem, 1, nullptr));
    std::vector<double> numbers = result.read();
    return {numbers[0], numbers[1]};
}

template <class T>
void checkMeasured(int64_t type, const std::vector<T>& values) {
    Measured expected = plain(cast<double>(values));
    Measured found = measure(type, values);
    double allowed = reference::tolerance(static_cast<double>(values.size()), reference::UNIT_F64, expected.norm);
    CHECK(found.largest == expected.largest, "largest %g, not %g", found.largest, expected.largest);
    CHECK(std::fabs(found.norm - expected.norm) <= allowed, "norm %.17g, not %.17g", found.norm, expected.norm);
}

void normsAgreeWithThePlainLoop() {
    for (int64_t elements : {0, 1, 2, 31, 511, 512, 513, 10007}) {
        checkMeasured(KLR_F64, normals(elements));
        checkMeasured(KLR_F32, cast<float>(normals(elements)));
    }
}

void nothingOverflowsOrVanishes() {
    for (double scale : {1e300, 1e-300}) {
        checkMeasured(KLR_F64, std::vector<double>{3 * scale, -4 * scale});
    }
    checkMeasured(KLR_F32, std::vector<float>(64, std::numeric_limits<float>::max()));
    checkMeasured(KLR_F64, std::vector<double>(700));
}

void aNumberThatIsNotFiniteIsSeen() {
    std::vector<double> values = normals(1000);
    values[777] = std::numeric_limits<double>::quiet_NaN();
    CHECK(std::isnan(measure(KLR_F64, values).largest), "NaN was lost");
    values[777] = -std::numeric_limits<double>::infinity();
    CHECK(std::isinf(measure(KLR_F64, values).largest), "an infinity was lost");
}

void manyProblems() {
    constexpr int64_t COUNT = 131;
    Guarded<float> values(cast<float>(normals(COUNT * 3)));
    Guarded<double> results(std::vector<double>(COUNT * 2));
    std::vector<klr_magnitude_problem> problems;
    for (int64_t i = 0; i < COUNT; i++) {
        problems.push_back({values.device() + i * 3, 3, KLR_F32, results.device() + i * 2});
    }
    checkOk(klr_magnitudes(problems.data(), COUNT, nullptr));
    std::vector<double> all = cast<double>(values.read());
    std::vector<double> found = results.read();
    for (int64_t i = 0; i < COUNT; i++) {
        Measured expected = plain({all.begin() + i * 3, all.begin() + i * 3 + 3});
        CHECK(found[i * 2 + 1] == expected.largest, "problem %lld", static_cast<long long>(i));
    }
}

void badArguments() {
    klr_magnitude_problem problem{nullptr, 4, KLR_F32, nullptr};
    checkRefused(klr_magnitudes(&problem, 1, nullptr), "klr_magnitudes: problem 0: values");
    double result[2];
    problem = {nullptr, 0, KLR_BF16, result};
    checkRefused(klr_magnitudes(&problem, 1, nullptr), "type is 3");
}

}  // namespace

int main() {
    return runTests({{"norms agree with the plain loop", normsAgreeWithThePlainLoop},
                     {"nothing overflows or vanishes", nothingOverflowsOrVanishes},
                     {"a number that is not finite is seen", aNumberThatIsNotFiniteIsSeen},
                     {"many problems", manyProblems},
                     {"bad arguments", badArguments}});
}
