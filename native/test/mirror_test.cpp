#include "guarded.h"

namespace {

void checkMirror(const std::vector<int64_t>& sizes) {
    std::vector<Guarded<double>> squares;
    std::vector<std::vector<double>> before;
    std::vector<klr_mirror_problem> problems;
    for (int64_t n : sizes) {
        before.push_back(normals(n * n));
        squares.emplace_back(before.back());
        problems.push_back({squares.back().device(), n});
    }
    checkOk(klr_mirror(problems.data(), static_cast<int64_t>(problems.size()), nullptr));
    for (size_t k = 0; k < sizes.size(); k++) {
        int64_t n = sizes[k];
        std::vector<double> now = squares[k].read();
        for (int64_t row = 0; row < n; row++) {
            for (int64_t col = 0; col < n; col++) {
                double expected = row <= col ? before[k][row * n + col] : before[k][col * n + row];
                CHECK(now[row * n + col] == expected, "n %lld: entry (%lld, %lld)", static_cast<long long>(n),
                      static_cast<long long>(row), static_cast<long long>(col));
            }
        }
    }
}

void everySizeAroundATile() {
    for (int64_t n : {0, 1, 2, 7, 8, 31, 32, 33, 64, 97, 130}) {
        checkMirror({n});
    }
}

void manyProblemsOfManySizes() {
    std::vector<int64_t> sizes;
    for (int64_t i = 0; i < 300; i++) {
        sizes.push_back(i % 37);
    }
    checkMirror(sizes);
}

void badArguments() {
    klr_mirror_problem problem{nullptr, 4};
    checkRefused(klr_mirror(&problem, 1, nullptr), "klr_mirror: problem 0: square");
    problem = {nullptr, -1};
    checkRefused(klr_mirror(&problem, 1, nullptr), "n is -1");
}

}  // namespace

int main() {
    return runTests({{"every size around a tile", everySizeAroundATile},
                     {"many problems of many sizes", manyProblemsOfManySizes},
                     {"bad arguments", badArguments}});
}
