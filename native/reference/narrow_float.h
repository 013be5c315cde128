/* Sixteen-bit floating-point formats, by search among their numbers. */
#pragma once

#include <cmath>
#include <cstdint>

namespace reference {

struct Format {
    int fractionBits;
    int exponentBits;

    int bias() const { return (1 << (exponentBits - 1)) - 1; }
    uint16_t infinity() const { return static_cast<uint16_t>(((1 << exponentBits) - 1) << fractionBits); }

    /* The number, and for the bits of infinity the power of two that would follow the largest number. */
    double unbounded(uint16_t bits) const {
        int exponent = (bits & 0x7FFF) >> fractionBits;
        int fraction = bits & ((1 << fractionBits) - 1);
        return exponent == 0 ? std::ldexp(fraction, 1 - bias() - fractionBits)
                             : std::ldexp(fraction + (1 << fractionBits), exponent - bias() - fractionBits);
    }

    double decode(uint16_t bits) const {
        uint16_t magnitude = bits & 0x7FFF;
        double value = magnitude > infinity() ? NAN : magnitude == infinity() ? INFINITY : unbounded(magnitude);
        return (bits & 0x8000) != 0 ? -value : value;
    }

    /* The nearest number; of two, the one with an even last bit. Not for NaN. */
    uint16_t encode(double value) const {
        double magnitude = std::fabs(value);
        uint16_t low = 0;
        uint16_t high = infinity();
        while (high - low > 1) {
            uint16_t middle = static_cast<uint16_t>((low + high) / 2);
            (unbounded(middle) <= magnitude ? low : high) = middle;
        }
        double below = magnitude - unbounded(low);
        double above = unbounded(high) - magnitude;
        uint16_t nearest = above < below || (above == below && high % 2 == 0) ? high : low;
        return static_cast<uint16_t>(nearest | (std::signbit(value) ? 0x8000 : 0));
    }
};

constexpr Format HALF{10, 5};
constexpr Format BFLOAT{7, 8};

}  // namespace reference
