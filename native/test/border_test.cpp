/* What all border functions share: versions, empty batches, batches that are refused. */
#include "check.h"

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

int main() {
    return runTests({{"version agrees with the header", versionAgreesWithTheHeader},
                     {"empty batches do nothing", emptyBatchesDoNothing},
                     {"impossible batches are refused", impossibleBatchesAreRefused},
                     {"refusal names the first bad problem", refusalNamesTheFirstBadProblem}});
}
