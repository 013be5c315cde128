/* Plain products of row-major matrices in double. */
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace reference {

using Vector = std::vector<double>;

/* left [m x s] right [s x n]. */
inline Vector multiply(const Vector& left, const Vector& right, int64_t m, int64_t s, int64_t n) {
    Vector result(static_cast<size_t>(m * n));
    for (int64_t i = 0; i < m; i++) {
        for (int64_t l = 0; l < s; l++) {
            for (int64_t j = 0; j < n; j++) {
                result[i * n + j] += left[i * s + l] * right[l * n + j];
            }
        }
    }
    return result;
}

/* matrix [rows x cols], as [cols x rows]. */
inline Vector transpose(const Vector& matrix, int64_t rows, int64_t cols) {
    Vector result(matrix.size());
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < cols; j++) {
            result[j * rows + i] = matrix[i * cols + j];
        }
    }
    return result;
}

inline Vector magnitudes(const Vector& values) {
    Vector result(values);
    for (double& value : result) {
        value = std::fabs(value);
    }
    return result;
}

inline double largest(const Vector& values) {
    double result = 0;
    for (double value : values) {
        result = value > result ? value : result;
    }
    return result;
}

}  // namespace reference
