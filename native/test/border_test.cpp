/* What all border functions share: versions, empty batches, batches that are refused. */
#include "chunk.h"
#include "guarded.h"

static void versionAgreesWithTheHeader() {
    CHECK(klr_abi() == KLR_ABI, "library %d, header %d", klr_abi(), KLR_ABI);
}

static void emptyBatchesDoNothing() {
    checkOk(klr_combine(nullptr, 0, nullptr));
    checkOk(klr_random_signs(nullptr, 0, nullptr));
    checkOk(klr_cholesky_inverse(nullptr, 0, nullptr));
    checkOk(klr_energy_rank(nullptr, 0, nullptr));
}

static void impossibleBatchesAreRefused() {
    checkRefused(klr_combine(nullptr, -1, nullptr), "klr_combine: count is -1");
    checkRefused(klr_energy_rank(nullptr, 2, nullptr), "klr_energy_rank: no problems given, but count is 2");
}

static void refusalNamesTheFirstBadProblem() {
    klr_signs_problem problems[3] = {{nullptr, 0, KLR_F32, 0}, {nullptr, 0, KLR_BF16, 0}, {nullptr, -1, KLR_F32, 0}};
    checkRefused(klr_random_signs(problems, 3, nullptr), "klr_random_signs: problem 1: type is 3; must be KLR_F32 (0) or KLR_F64 (1)");
    checkOk(klr_random_signs(problems, 1, nullptr));
}

/* problems[i] copies number i. */
static void checkCopies(int64_t count) {
    std::vector<double> numbers = normals(count);
    Guarded<double> source(numbers);
    Guarded<double> target(std::vector<double>(static_cast<size_t>(count)));
    std::vector<klr_combine_problem> problems;
    for (int64_t i = 0; i < count; i++) {
        problems.push_back({source.device() + i, KLR_F64, 1, target.device() + i, KLR_F64, 1, 1, 1, 0, 1, 0});
    }
    checkOk(klr_combine(problems.data(), count, nullptr));
    CHECK(target.read() == numbers, "%lld problems", static_cast<long long>(count));
}

static void everyProblemOfABatchIsSolved() {
    constexpr int64_t FEW = klr::Chunk<klr_combine_problem, klr::FEW>::CAPACITY;
    constexpr int64_t MOST = klr::Chunk<klr_combine_problem, klr::MOST>::CAPACITY;
    for (int64_t count : {FEW, FEW + 1, MOST, MOST + 1, MOST + FEW, MOST + FEW + 1}) {
        checkCopies(count);
    }
}

int main() {
    return runTests({{"version agrees with the header", versionAgreesWithTheHeader},
                     {"empty batches do nothing", emptyBatchesDoNothing},
                     {"impossible batches are refused", impossibleBatchesAreRefused},
                     {"refusal names the first bad problem", refusalNamesTheFirstBadProblem},
                     {"every problem of a batch is solved", everyProblemOfABatchIsSolved}});
}
