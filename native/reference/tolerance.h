/* How far a result may lie from the exact one. */
#pragma once

namespace reference {

constexpr double UNIT_F32 = 5.9604644775390625e-08;  /* 2^-24 */
constexpr double UNIT_F64 = 1.1102230246251565e-16;  /* 2^-53 */

/*
 * A sum of `depth` products, in whatever order, is off by at most depth * unit * (sum of the magnitudes), to first order (Higham 2002,
 * section 3.1); four more for storing, scaling and subtracting; twice that, as inputs rounded to the same precision add as much again.
 * `scale` bounds the sum of the magnitudes.
 */
inline double tolerance(double depth, double unit, double scale) {
    return 2 * (depth + 4) * unit * scale;
}

}  // namespace reference
