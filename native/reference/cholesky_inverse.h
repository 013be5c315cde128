/* F^-1 for gram = F^T F, F upper triangular. */
#pragma once

#include <cmath>

#include "matrix.h"
#include "tolerance.h"

namespace reference {

/* F [n x n], row after row; empty where gram is not positive definite or not finite. */
inline Vector choleskyFactor(const Vector& gram, int64_t n) {
    Vector f(static_cast<size_t>(n * n));
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = i; j < n; j++) {
            double sum = gram[i * n + j];
            for (int64_t l = 0; l < i; l++) {
                sum -= f[l * n + i] * f[l * n + j];
            }
            if (!std::isfinite(sum) || (i == j && sum <= 0)) {
                return {};
            }
            f[i * n + j] = i == j ? std::sqrt(sum) : sum / f[i * n + i];
        }
    }
    return f;
}

/* Columns of F^-1, each by substitution from its diagonal up. */
inline Vector upperInverse(const Vector& f, int64_t n) {
    Vector inverse(f.size());
    for (int64_t col = 0; col < n; col++) {
        for (int64_t row = col; row >= 0; row--) {
            double sum = row == col ? 1 : 0;
            for (int64_t l = row + 1; l <= col; l++) {
                sum -= f[row * n + l] * inverse[l * n + col];
            }
            inverse[row * n + col] = sum / f[row * n + row];
        }
    }
    return inverse;
}

/*
 * For an entry of G^T gram G - I with G = F^-1 in type `unit`: the sums that make it, magnitudes taken. Errors of the factorisation are
 * errors of gram of the same size (Higham 2002, theorem 10.3), hence the same bound for both.
 */
inline double choleskyTolerance(const Vector& inverse, const Vector& gram, int64_t n, double unit) {
    Vector g = magnitudes(inverse);
    Vector product = multiply(transpose(g, n, n), multiply(magnitudes(gram), g, n, n, n), n, n, n);
    return tolerance(static_cast<double>(3 * n), unit, largest(product));
}

}  // namespace reference
