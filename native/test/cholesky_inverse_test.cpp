#include <limits>

#include "cholesky_inverse.h"
#include "guarded.h"

namespace {

using reference::Vector;

constexpr double ANY = std::numeric_limits<double>::infinity();

/* X^T X for X [2n x n] with columns of falling length; what lies below the diagonal is not to be read. */
Vector gramOf(int64_t n) {
    Vector x = normals(2 * n * n);
    for (int64_t i = 0; i < 2 * n * n; i++) {
        x[i] *= std::pow(0.9, static_cast<double>(i % n));
    }
    return reference::multiply(reference::transpose(x, 2 * n, n), x, n, 2 * n, n);
}

Vector withoutLowerTriangle(Vector gram, int64_t n) {
    for (int64_t i = 0; i < n * n; i++) {
        gram[i] = i / n > i % n ? NAN : gram[i];
    }
    return gram;
}

struct Result {
    Vector inverse;
    int64_t failed;
};

Result run(const Vector& gram, int64_t n, double weakest, double deviation, double shift = 0) {
    Guarded<double> g(withoutLowerTriangle(gram, n));
    Guarded<double> inverse(Vector(static_cast<size_t>(n * n), 9));
    Guarded<int64_t> failed({0});
    klr_cholesky_problem problem{g.device(), inverse.device(), n, shift, weakest, deviation, failed.device()};
    checkOk(klr_cholesky_inverse(&problem, 1, nullptr));
    return {inverse.read(), failed.read()[0]};
}

/* G upper triangular, and G^T gram G = I as far as rounding allows. */
void checkWhitens(const Vector& gram, const Vector& inverse, int64_t n) {
    Vector product = reference::multiply(reference::transpose(inverse, n, n), reference::multiply(gram, inverse, n, n, n), n, n, n);
    double tolerance = reference::choleskyTolerance(inverse, gram, n, reference::UNIT_F64);
    for (int64_t i = 0; i < n * n; i++) {
        double identity = i / n == i % n ? 1 : 0;
        if (!(std::fabs(product[i] - identity) <= tolerance) || (i / n > i % n && inverse[i] != 0)) {
            CHECK(false, "n %d: entry %d of G^T gram G is %g (tolerance %g), of G %g", static_cast<int>(n), static_cast<int>(i), product[i],
                  tolerance, inverse[i]);
            return;
        }
    }
}

void inversesWhiten() {
    for (int64_t n : {0, 1, 2, 3, 7, 8, 9, 31, 32, 33, 64, 97, 128}) {
        Vector gram = gramOf(n);
        Result found = run(gram, n, 1e-30, ANY);
        CHECK(found.failed == 0, "n %d", static_cast<int>(n));
        checkWhitens(gram, found.inverse, n);
    }
}

void agreesWithThePlainLoop() {
    for (int64_t n : {5, 40}) {
        Vector gram = gramOf(n);
        Vector expected = reference::upperInverse(reference::choleskyFactor(gram, n), n);
        Result found = run(gram, n, 0, ANY);
        /* entries of F^-1 move by as much as the whitened Gram matrix, times the entries themselves */
        double tolerance = reference::choleskyTolerance(expected, gram, n, reference::UNIT_F64) * static_cast<double>(n) *
                           reference::largest(reference::magnitudes(expected));
        for (int64_t i = 0; i < n * n; i++) {
            CHECK(std::fabs(found.inverse[i] - expected[i]) <= tolerance, "entry %d: %g, not %g", static_cast<int>(i), found.inverse[i], expected[i]);
        }
    }
}

void checkFails(const Vector& gram, int64_t n, double weakest, double deviation, const char* why) {
    Result result = run(gram, n, weakest, deviation);
    CHECK(result.failed == 1, "%s", why);
    for (int64_t i = 0; i < n * n; i++) {
        CHECK(result.inverse[i] == (i / n == i % n ? 1 : 0), "%s: entry %d is %g", why, static_cast<int>(i), result.inverse[i]);
    }
}

void failuresLeaveTheIdentity() {
    checkFails({1, 2, 0, 1}, 2, 0, ANY, "indefinite");
    checkFails({0}, 1, 0, ANY, "zero");
    checkFails({-1}, 1, 0, ANY, "negative");
    checkFails({1, 1, 0, 1}, 2, 0, ANY, "dependent columns");
    checkFails({1, NAN, 0, 1}, 2, 0, ANY, "NaN beside the diagonal");
    checkFails({NAN}, 1, 0, ANY, "NaN");
    checkFails({ANY}, 1, 0, ANY, "infinite");
    checkFails({1, ANY, 0, 1}, 2, 0, ANY, "infinite beside the diagonal");
    checkFails({1, 0, 0, 1e-6}, 2, 2e-3, ANY, "weak diagonal");
    checkFails({1.21, 0, 0, 1}, 2, 0, 0.09, "diagonal far from 1");
    checkFails({1, -0.2, 0, 1.04}, 2, 0, 0.19, "entry far from 0");
    Vector late = gramOf(100);
    late[99 * 100 + 99] = -1;
    checkFails(late, 100, 0, ANY, "the last pivot");
}

void limitsAreReached() {
    CHECK(run({1, 0, 0, 1e-6}, 2, 9e-4, ANY).failed == 0, "strong enough");
    CHECK(run({1.21, 0, 0, 1}, 2, 0, 0.11).failed == 0, "near enough");
}

/* Columns that are all alike: their Gram matrix is singular, the shifted one is not. */
void aShiftSeparatesDependentColumns() {
    constexpr int64_t N = 40;
    Vector gram(N * N, 3);
    CHECK(run(gram, N, 0, ANY).failed == 1, "singular");
    Result found = run(gram, N, 0, ANY, 1e-3);
    CHECK(found.failed == 0, "shifted");
    Vector shifted = gram;
    for (int64_t i = 0; i < N; i++) {
        shifted[i * N + i] *= 1 + 1e-3;
    }
    checkWhitens(shifted, found.inverse, N);
}

/* Sizes mixed in one batch, every third hopeless; a flag that is set stays set. */
void manyProblems() {
    constexpr int64_t COUNT = 160;
    std::vector<Guarded<double>> grams;
    Guarded<double> inverses(std::vector<double>(COUNT * 9, 9));
    std::vector<int64_t> flags(COUNT, 0);
    flags[0] = 5;
    Guarded<int64_t> failed(flags);
    std::vector<klr_cholesky_problem> problems;
    for (int64_t i = 0; i < COUNT; i++) {
        int64_t n = i % 4;
        Vector gram = gramOf(n);
        if (i % 3 == 2 && n > 0) {
            gram[0] = -1;
        }
        grams.emplace_back(gram);
        problems.push_back({grams.back().device(), inverses.device() + 9 * i, n, 0, 0, ANY, failed.device() + i});
    }
    checkOk(klr_cholesky_inverse(problems.data(), COUNT, nullptr));
    std::vector<int64_t> found = failed.read();
    std::vector<double> values = inverses.read();
    for (int64_t i = 0; i < COUNT; i++) {
        int64_t n = i % 4;
        CHECK(found[i] == (i % 3 == 2 && n > 0 ? 1 : flags[i]), "problem %lld", static_cast<long long>(i));
        CHECK(n == 3 || values[9 * i + n * n] == 9, "problem %lld wrote on", static_cast<long long>(i));
    }
}

void badArguments() {
    Guarded<double> d({1});
    Guarded<int64_t> flag({0});
    auto refused = [](klr_cholesky_problem problem, const char* text) { checkRefused(klr_cholesky_inverse(&problem, 1, nullptr), text); };
    refused({d.device(), d.device(), 129, 0, 0, ANY, flag.device()}, "klr_cholesky_inverse: problem 0: n is 129");
    refused({d.device(), d.device(), -1, 0, 0, ANY, flag.device()}, "n is -1");
    refused({d.device(), nullptr, 1, 0, 0, ANY, flag.device()}, "inverse");
    refused({d.device(), d.device(), 1, NAN, 0, ANY, flag.device()}, "shift is nan");
    refused({d.device(), d.device(), 1, 0, 0, ANY, nullptr}, "failed");
}

}  // namespace

int main() {
    return runTests({{"inverses whiten", inversesWhiten},
                     {"agrees with the plain loop", agreesWithThePlainLoop},
                     {"failures leave the identity", failuresLeaveTheIdentity},
                     {"limits are reached", limitsAreReached},
                     {"a shift separates dependent columns", aShiftSeparatesDependentColumns},
                     {"many problems", manyProblems},
                     {"bad arguments", badArguments}});
}
