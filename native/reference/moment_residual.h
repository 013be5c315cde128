/* (I - M M^T) C (I - M M^T) as it is written, and the bound of its rounding errors. */
#pragma once

#include "matrix.h"
#include "tolerance.h"

namespace reference {

/* I - M M^T [in x in] for M [in x k]. */
inline Vector complementProjector(const Vector& basis, int64_t in, int64_t k) {
    Vector projector = multiply(basis, transpose(basis, in, k), in, k, in);
    for (int64_t i = 0; i < in * in; i++) {
        projector[i] = (i / in == i % in ? 1 : 0) - projector[i];
    }
    return projector;
}

inline Vector momentResidual(const Vector& basis, const Vector& moment, int64_t in, int64_t k) {
    Vector projector = complementProjector(basis, in, k);
    return multiply(projector, multiply(moment, projector, in, in, in), in, in, in);
}

/* For one entry: four products, their magnitudes summed along the way that the kernel takes. */
inline double momentResidualTolerance(const Vector& basis, const Vector& moment, int64_t in, int64_t k) {
    Vector b = magnitudes(basis);
    Vector c = magnitudes(moment);
    Vector across = multiply(b, transpose(b, in, k), in, k, in);
    Vector once = multiply(across, c, in, in, in);
    double scale = largest(c) + 2 * largest(once) + largest(multiply(once, across, in, in, in));
    return tolerance(static_cast<double>(2 * (in + k)), UNIT_F64, scale);
}

}  // namespace reference
