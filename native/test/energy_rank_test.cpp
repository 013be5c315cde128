#include <algorithm>
#include <limits>

#include "energy_rank.h"
#include "guarded.h"

namespace {

bool same(double a, double b) {
    return a == b || (std::isnan(a) && std::isnan(b));
}

/* Equal to the reference in every bit. */
void checkRank(const std::vector<double>& energies, const std::vector<double>& totals, int64_t stride, int64_t count, double share) {
    Guarded<double> e(energies);
    Guarded<double> t(totals);
    Guarded<double> result({7, 7, 7});
    auto n = static_cast<int64_t>(energies.size());
    klr_rank_problem problem{e.device(), n, t.device(), stride, count, share, result.device()};
    checkOk(klr_energy_rank(&problem, 1, nullptr));
    std::vector<double> found = result.read();
    auto expected = reference::energyRank(energies.data(), n, totals.data(), stride, count, share);
    for (size_t i = 0; i < 3; i++) {
        CHECK(same(found[i], expected[i]), "n %d, share %g: entry %d is %.17g, not %.17g", static_cast<int>(n), share, static_cast<int>(i),
              found[i], expected[i]);
    }
}

/* Squares of normal numbers over twelve decades, descending. */
std::vector<double> spectrum(int64_t n) {
    std::vector<double> energies = normals(n);
    for (int64_t i = 0; i < n; i++) {
        energies[i] *= energies[i] * std::pow(10, -12.0 * static_cast<double>(i) / static_cast<double>(n));
    }
    std::sort(energies.rbegin(), energies.rend());
    return energies;
}

void ranksOfSpectra() {
    for (int64_t n : {0, 1, 2, 127, 128, 1023, 1024, 1025, 4096, 5003}) {
        std::vector<double> energies = spectrum(n);
        for (double share : {0.0, 0.2, 0.85, 0.99, 1.0}) {
            checkRank(energies, energies, 1, n, share);
        }
    }
}

/* The total is the trace of a matrix: stride in + 1. */
void totalsWithAStride() {
    for (int64_t in : {1, 13, 101}) {
        std::vector<double> moment(in * in, NAN);
        std::vector<double> energies = spectrum(in);
        for (int64_t i = 0; i < in; i++) {
            moment[i * in + i] = 3 * energies[i] - 1e-9;
        }
        for (double share : {0.3, 0.7, 0.99}) {
            checkRank(energies, moment, in + 1, in, share);
        }
    }
}

void edges() {
    checkRank({}, {}, 1, 0, 0.5);
    checkRank({0, 0}, {0, 0}, 1, 2, 0.5);
    checkRank({2, 1, -1e-12}, {2, 1, -5}, 1, 3, 1);
    checkRank({4, 1}, {2, 1}, 1, 2, 0.9);
    checkRank({1, 1}, {100}, 1, 1, 0.5);
    checkRank({1, 1}, {7}, 0, 1, 1);
    checkRank({NAN, 1}, {2, 1}, 1, 2, 0.9);
    checkRank({2, 1}, {NAN, 1}, 1, 2, 0.9);
    checkRank({std::numeric_limits<double>::infinity(), 1}, {3}, 1, 1, 0.9);
}

void manyProblems() {
    constexpr int64_t COUNT = 150;
    std::vector<double> energies = spectrum(COUNT + 40);
    Guarded<double> e(energies);
    Guarded<double> results(std::vector<double>(COUNT * 3));
    std::vector<klr_rank_problem> problems;
    for (int64_t i = 0; i < COUNT; i++) {
        problems.push_back({e.device() + i, 40, e.device() + i, 1, 40, 0.9, results.device() + 3 * i});
    }
    checkOk(klr_energy_rank(problems.data(), COUNT, nullptr));
    std::vector<double> found = results.read();
    for (int64_t i = 0; i < COUNT; i++) {
        auto expected = reference::energyRank(energies.data() + i, 40, energies.data() + i, 1, 40, 0.9);
        CHECK(std::equal(expected.begin(), expected.end(), found.begin() + 3 * i), "problem %lld", static_cast<long long>(i));
    }
}

void badArguments() {
    Guarded<double> three({1, 1, 1});
    double* d = three.device();
    auto refused = [](klr_rank_problem problem, const char* text) { checkRefused(klr_energy_rank(&problem, 1, nullptr), text); };
    refused({d, -1, d, 1, 3, 0.5, d}, "klr_energy_rank: problem 0: n is -1");
    refused({d, 3, d, -1, 3, 0.5, d}, "totals_stride is -1");
    refused({d, 3, d, 1, 3, 1.5, d}, "share must be in [0, 1]");
    refused({d, 3, d, 1, 3, NAN, d}, "share must be in [0, 1]");
    refused({d, 3, d, 1, 3, 0.5, nullptr}, "result");
    refused({nullptr, 3, d, 1, 3, 0.5, d}, "energies");
}

}  // namespace

int main() {
    return runTests({{"ranks of spectra", ranksOfSpectra},
                     {"totals with a stride", totalsWithAStride},
                     {"edges", edges},
                     {"many problems", manyProblems},
                     {"bad arguments", badArguments}});
}
