/* Sign i of a seed. */
#pragma once

#include <cstdint>

namespace reference {

/* Output number i (from 0) of splitmix64 (Steele, Lea and Flood 2014) whose state starts at seed. */
inline uint64_t splitmix64(uint64_t seed, uint64_t i) {
    uint64_t z = seed + (i + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

inline double randomSign(uint64_t seed, uint64_t i) {
    return (splitmix64(seed, i / 64) >> (63 - i % 64)) % 2 == 1 ? -1 : 1;
}

}  // namespace reference
