/* target - basis (basis^T target), and the bound of its rounding errors. */
#pragma once

#include "matrix.h"
#include "tolerance.h"

namespace reference {

/* basis [in x k], target [in x out]. */
inline Vector projectOut(const Vector& basis, Vector target, int64_t in, int64_t k, int64_t out) {
    Vector coefficients = multiply(transpose(basis, in, k), target, k, in, out);
    Vector inside = multiply(basis, coefficients, in, k, out);
    for (size_t i = 0; i < target.size(); i++) {
        target[i] -= inside[i];
    }
    return target;
}

/* For one entry, in float32. */
inline double projectOutTolerance(const Vector& basis, const Vector& target, int64_t in, int64_t k, int64_t out) {
    Vector b = magnitudes(basis);
    Vector t = magnitudes(target);
    Vector inside = multiply(b, multiply(transpose(b, in, k), t, k, in, out), in, k, out);
    return tolerance(static_cast<double>(in + k), UNIT_F32, largest(inside) + largest(t));
}

}  // namespace reference
