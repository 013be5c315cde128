#include "guarded.h"

namespace {

double expected(const std::vector<double>& before, int64_t form, int64_t row, int64_t col, int64_t n) {
    double own = before[row * n + col];
    double image = before[col * n + row];
    return form == KLR_ADD_TRANSPOSE ? own + image : row <= col ? own : image;
}

/* Every second square is mirrored, the others get their transpose added, or the reverse. */
void checkMirror(const std::vector<int64_t>& sizes, int64_t first) {
    std::vector<Guarded<double>> squares;
    std::vector<std::vector<double>> before;
    std::vector<klr_mirror_problem> problems;
    for (int64_t n : sizes) {
        before.push_back(normals(n * n));
        squares.emplace_back(before.back());
        problems.push_back({squares.back().device(), n, (first + static_cast<int64_t>(problems.size())) % 2});
    }
    checkOk(klr_mirror(problems.data(), static_cast<int64_t>(problems.size()), nullptr));
    for (size_t k = 0; k < sizes.size(); k++) {
        int64_t n = sizes[k];
        std::vector<double> now = squares[k].read();
        for (int64_t row = 0; row < n; row++) {
            for (int64_t col = 0; col < n; col++) {
                CHECK(now[row * n + col] == expected(before[k], problems[k].form, row, col, n),
                      "n %lld, form %lld: entry (%lld, %lld)", static_cast<long long>(n),
                      static_cast<long long>(problems[k].form), static_cast<long long>(row), static_cast<long long>(col));
            }
        }
    }
}

void everySizeAroundATile() {
    for (int64_t n : {0, 1, 2, 7, 8, 31, 32, 33, 64, 97, 130}) {
        checkMirror({n}, KLR_MIRROR);
        checkMirror({n}, KLR_ADD_TRANSPOSE);
    }
}

void manyProblemsOfManySizes() {
    std::vector<int64_t> sizes;
    for (int64_t i = 0; i < 300; i++) {
        sizes.push_back(i % 37);
    }
    checkMirror(sizes, KLR_MIRROR);
}

void badArguments() {
    klr_mirror_problem problem{nullptr, 4, KLR_MIRROR};
    checkRefused(klr_mirror(&problem, 1, nullptr), "klr_mirror: problem 0: square");
    problem = {nullptr, -1, KLR_MIRROR};
    checkRefused(klr_mirror(&problem, 1, nullptr), "n is -1");
    problem = {nullptr, 0, 2};
    checkRefused(klr_mirror(&problem, 1, nullptr), "form is 2; must be KLR_MIRROR (0) or KLR_ADD_TRANSPOSE (1)");
}

}  // namespace

int main() {
    return runTests({{"every size around a tile", everySizeAroundATile},
                     {"many problems of many sizes", manyProblemsOfManySizes},
                     {"bad arguments", badArguments}});
}
