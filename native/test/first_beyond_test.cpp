#include <cmath>
#include <limits>

#include "guarded.h"
#include "narrow_float.h"

namespace {

constexpr double NOT_A_NUMBER = std::numeric_limits<double>::quiet_NaN();
constexpr double INFINITE = std::numeric_limits<double>::infinity();

/* Largest number of a type. */
double greatest(int64_t type) {
    switch (type) {
        case KLR_F32: return std::numeric_limits<float>::max();
        case KLR_F64: return std::numeric_limits<double>::max();
        case KLR_F16: return 65504;
        default: return std::ldexp(255, 120);
    }
}

/* Arrays of both types, every second one off alignment; `bad` goes into array `where`, at element `at`. */
template <class T>
int64_t search(int64_t type, const std::vector<int64_t>& lengths, int64_t where, int64_t at, double bad, double limit) {
    std::vector<Guarded<T>> arrays;
    std::vector<klr_array> batch;
    for (size_t i = 0; i < lengths.size(); i++) {
        std::vector<T> values = cast<T>(normals(lengths[i]));
        if (static_cast<int64_t>(i) == where) {
            values[static_cast<size_t>(at)] = static_cast<T>(bad);
        }
        arrays.emplace_back(values, static_cast<int64_t>(i % 2));
        batch.push_back({arrays.back().device(), lengths[i], type, limit});
    }
    Guarded<int64_t> first({-7});
    checkOk(klr_first_beyond(batch.data(), static_cast<int64_t>(batch.size()), first.device(), nullptr));
    return first.read()[0];
}

template <class T>
int64_t search(int64_t type, const std::vector<int64_t>& lengths, int64_t where, int64_t at, double bad) {
    return search<T>(type, lengths, where, at, bad, greatest(type));
}

void expect(int64_t found, int64_t expected) {
    CHECK(found == expected, "array %lld, not %lld", static_cast<long long>(found), static_cast<long long>(expected));
}

void finiteArraysGiveTheirCount() {
    expect(search<float>(KLR_F32, {0, 1, 7, 4099}, -1, 0, 0), 4);
    expect(search<double>(KLR_F64, {5, 0, 1031}, -1, 0, 0), 3);
    expect(search<float>(KLR_F32, {}, -1, 0, 0), 0);
}

void everyPlaceIsSeen() {
    for (int64_t at : {0, 1, 2, 3, 4, 5, 510, 511, 512, 4097, 4098}) {
        expect(search<float>(KLR_F32, {3, 4099, 4099}, 1, at, NOT_A_NUMBER), 1);
        expect(search<double>(KLR_F64, {3, 4, 4099}, 2, at, -INFINITE), 2);
    }
    expect(search<float>(KLR_F32, {1}, 0, 0, INFINITE), 0);
}

void largestNumbersAreFinite() {
    expect(search<float>(KLR_F32, {9}, 0, 8, std::numeric_limits<float>::max()), 1);
    expect(search<double>(KLR_F64, {9}, 0, 8, -std::numeric_limits<double>::max()), 1);
    expect(search<double>(KLR_F64, {9}, 0, 8, std::numeric_limits<double>::denorm_min()), 1);
}

void theLimitItselfIsAllowed() {
    for (double sign : {1.0, -1.0}) {
        expect(search<float>(KLR_F32, {3, 4099}, 1, 4097, sign * 1024, 1024), 2);
        expect(search<float>(KLR_F32, {3, 4099}, 1, 4097, sign * 1025, 1024), 1);
        expect(search<double>(KLR_F64, {3, 9}, 1, 8, sign * 1e153, 1e153), 2);
        expect(search<double>(KLR_F64, {3, 9}, 1, 8, sign * 2e153, 1e153), 1);
    }
    expect(search<float>(KLR_F32, {9}, 0, 8, NOT_A_NUMBER, 1024), 0);
}

void halvesAreLookedAtToo() {
    struct Narrow {
        int64_t type;
        reference::Format format;
    };
    for (Narrow narrow : {Narrow{KLR_F16, reference::HALF}, Narrow{KLR_BF16, reference::BFLOAT}}) {
        uint16_t infinity = narrow.format.infinity();
        auto largest = static_cast<uint16_t>(infinity - 1);
        auto notANumber = static_cast<uint16_t>(infinity | 1);
        for (uint16_t last : {infinity, static_cast<uint16_t>(infinity | 0x8000), notANumber, largest, uint16_t{1}}) {
            std::vector<uint16_t> values(4099, narrow.format.encode(-2));
            values.back() = last;
            Guarded<uint16_t> array(values, 1);
            klr_array batch[1] = {{array.device(), 4099, narrow.type, greatest(narrow.type)}};
            Guarded<int64_t> first({-7});
            checkOk(klr_first_beyond(batch, 1, first.device(), nullptr));
            expect(first.read()[0], last < infinity ? 1 : 0);
        }
    }
}

void manyArraysKeepTheirNumbers() {
    std::vector<int64_t> lengths(401, 3);
    expect(search<float>(KLR_F32, lengths, 388, 2, INFINITE), 388);
    expect(search<double>(KLR_F64, lengths, -1, 0, 0), 401);
}

void firstOfSeveralWins() {
    Guarded<float> bad({1, static_cast<float>(NOT_A_NUMBER)});
    Guarded<float> good({1, 2});
    klr_array batch[4] = {{good.device(), 2, KLR_F32, greatest(KLR_F32)}, {bad.device(), 2, KLR_F32, greatest(KLR_F32)}, {bad.device(), 2, KLR_F32, greatest(KLR_F32)}, {good.device(), 2, KLR_F32, greatest(KLR_F32)}};
    Guarded<int64_t> first({0});
    checkOk(klr_first_beyond(batch, 4, first.device(), nullptr));
    expect(first.read()[0], 1);
}

void badArguments() {
    Guarded<int64_t> first({5});
    klr_array unknown{first.device(), 1, 4, 1};
    checkRefused(klr_first_beyond(&unknown, 1, first.device(), nullptr), "klr_first_beyond: problem 0: type is 4");
    klr_array negative{nullptr, -3, KLR_F32, 1};
    checkRefused(klr_first_beyond(&negative, 1, first.device(), nullptr), "elements is -3");
    klr_array nowhere{nullptr, 3, KLR_F32, 1};
    checkRefused(klr_first_beyond(&nowhere, 1, first.device(), nullptr), "values");
    klr_array unlimited{first.device(), 1, KLR_F64, INFINITE};
    checkRefused(klr_first_beyond(&unlimited, 1, first.device(), nullptr), "limit is inf");
    checkRefused(klr_first_beyond(nullptr, 0, nullptr, nullptr), "first is null");
    expect(first.read()[0], 5);
}

}  // namespace

int main() {
    return runTests({{"finite arrays give their count", finiteArraysGiveTheirCount},
                     {"every place is seen", everyPlaceIsSeen},
                     {"largest numbers are finite", largestNumbersAreFinite},
                     {"the limit itself is allowed", theLimitItselfIsAllowed},
                     {"halves are looked at too", halvesAreLookedAtToo},
                     {"many arrays keep their numbers", manyArraysKeepTheirNumbers},
                     {"the first of several wins", firstOfSeveralWins},
                     {"bad arguments", badArguments}});
}
