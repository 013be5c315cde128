/* The rank by energy share in one plain pass; equality is to the bit. */
#pragma once

#include <array>
#include <cstdint>

namespace reference {

inline std::array<double, 3> energyRank(const double* energies, int64_t n, const double* totals, int64_t stride, int64_t count, double share) {
    auto atLeastZero = [](double value) { return value < 0 ? 0 : value; };
    double left = 0;
    for (int64_t i = 0; i < n; i++) {
        left += atLeastZero(energies[i]);
    }
    double total = 0;
    for (int64_t i = 0; i < count; i++) {
        total += atLeastZero(totals[i * stride]);
    }
    if (total == 0) {
        return {0, 1, 1};
    }
    double covered = atLeastZero(total - left);
    double sum = covered;
    int64_t rank = 0;
    while (rank < n && sum < share * total) {
        sum += atLeastZero(energies[rank++]);
    }
    double after = sum / total;
    return {static_cast<double>(rank), covered / total, after > 1 ? 1 : after};
}

}  // namespace reference
