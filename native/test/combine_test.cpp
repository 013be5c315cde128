#include <cstring>

#include "guarded.h"
#include "narrow_float.h"
#include "tolerance.h"

namespace {

using Bytes = std::vector<unsigned char>;

size_t sizeOf(int64_t type) {
    return type == KLR_F64 ? 8 : type == KLR_F32 ? 4 : 2;
}

template <class T>
T load(const Bytes& bytes, int64_t i) {
    T value;
    std::memcpy(&value, bytes.data() + static_cast<size_t>(i) * sizeof(T), sizeof(T));
    return value;
}

/* Element i as a double, exactly. */
double valueAt(const Bytes& bytes, int64_t type, int64_t i) {
    switch (type) {
        case KLR_F32: return load<float>(bytes, i);
        case KLR_F64: return load<double>(bytes, i);
        case KLR_F16: return reference::HALF.decode(load<uint16_t>(bytes, i));
        default: return reference::BFLOAT.decode(load<uint16_t>(bytes, i));
    }
}

double rounded(double value, int64_t type) {
    switch (type) {
        case KLR_F32: return static_cast<float>(value);
        case KLR_F64: return value;
        case KLR_F16: return reference::HALF.decode(reference::HALF.encode(value));
        default: return reference::BFLOAT.decode(reference::BFLOAT.encode(value));
    }
}

/* NaNs are all alike, zeros are not. */
bool same(double a, double b) {
    return (std::isnan(a) && std::isnan(b)) || (a == b && std::signbit(a) == std::signbit(b));
}

/* Any bits: subnormal and infinite numbers and NaN among them, and for wide types numbers around the narrow ones' ends. */
Bytes anything(int64_t type, int64_t elements) {
    Bytes bytes(static_cast<size_t>(elements) * sizeOf(type));
    for (unsigned char& byte : bytes) {
        byte = static_cast<unsigned char>(randomness()());
    }
    for (int64_t i = 0; i < elements && sizeOf(type) > 2; i += 2) {
        uint64_t bits = randomness()();
        const reference::Format& format = bits % 2 == 0 ? reference::HALF : reference::BFLOAT;
        double value = format.unbounded(static_cast<uint16_t>((bits >> 8) % (format.infinity() + 1)));
        value += bits % 4 < 2 ? value / (2 << format.fractionBits) * static_cast<double>((bits >> 32) % 3) : 0; /* ties too */
        float narrow = static_cast<float>(value);
        std::memcpy(bytes.data() + static_cast<size_t>(i) * sizeOf(type), type == KLR_F32 ? static_cast<void*>(&narrow) : &value, sizeOf(type));
    }
    return bytes;
}

struct Shape {
    int64_t rows, cols, sourceGap, targetGap;
};

/* Factor 1 and kept 0. */
void checkCopy(int64_t from, int64_t to, const Shape& s, bool transposed) {
    int64_t sourceRows = transposed ? s.cols : s.rows;
    int64_t sourceStride = (transposed ? s.rows : s.cols) + s.sourceGap;
    int64_t targetStride = s.cols + s.targetGap;
    Bytes bytes = anything(from, sourceRows * sourceStride);
    Bytes before(static_cast<size_t>(s.rows * targetStride) * sizeOf(to), 0x11);
    Guarded<unsigned char> source(bytes);
    Guarded<unsigned char> target(before);
    klr_combine_problem problem{source.device(), from, sourceStride, target.device(), to, targetStride,
                                s.rows, s.cols, transposed, 1, 0};
    checkOk(klr_combine(&problem, 1, nullptr));
    Bytes after = target.read();
    for (int64_t i = 0; i < s.rows * targetStride; i++) {
        int64_t row = i / targetStride;
        int64_t col = i % targetStride;
        int64_t at = transposed ? col * sourceStride + row : row * sourceStride + col;
        double was = col < s.cols ? valueAt(bytes, from, at) : 0;
        double expected = col >= s.cols ? valueAt(before, to, i) : std::isnan(was) ? NAN : rounded(was, to);
        if (!same(valueAt(after, to, i), expected)) {
            CHECK(false, "type %d to %d, %d x %d, transposed %d: (%d, %d) of %.17g is %.17g, not %.17g", static_cast<int>(from),
                  static_cast<int>(to), static_cast<int>(s.rows), static_cast<int>(s.cols), transposed, static_cast<int>(row),
                  static_cast<int>(col), was, valueAt(after, to, i), expected);
            return;
        }
    }
}

void everyTypeToEveryType() {
    for (int64_t from = KLR_F32; from <= KLR_BF16; from++) {
        for (int64_t to = KLR_F32; to <= KLR_BF16; to++) {
            for (bool transposed : {false, true}) {
                checkCopy(from, to, {37, 61, 0, 0}, transposed);
                checkCopy(from, to, {33, 65, 3, 5}, transposed);
            }
        }
    }
}

void awkwardShapes() {
    for (Shape shape : {Shape{0, 5, 0, 0}, {5, 0, 0, 0}, {1, 1, 0, 0}, {1, 5003, 2, 1}, {5003, 1, 0, 0}, {257, 3, 1, 0}, {3, 257, 0, 2}, {127, 131, 0, 0}}) {
        checkCopy(KLR_F32, KLR_F32, shape, false);
        checkCopy(KLR_F32, KLR_F64, shape, true);
    }
}

void everyHalfSurvives() {
    Bytes all(65536 * 2);
    for (int i = 0; i < 65536; i++) {
        uint16_t bits = static_cast<uint16_t>(i);
        std::memcpy(all.data() + 2 * i, &bits, 2);
    }
    for (int64_t type : {int64_t{KLR_F16}, int64_t{KLR_BF16}}) {
        Guarded<unsigned char> source(all);
        Guarded<float> wide(std::vector<float>(65536));
        Guarded<unsigned char> back(Bytes(all.size()));
        klr_combine_problem there{source.device(), type, 256, wide.device(), KLR_F32, 256, 256, 256, 0, 1, 0};
        klr_combine_problem andBack{wide.device(), KLR_F32, 256, back.device(), type, 256, 256, 256, 0, 1, 0};
        checkOk(klr_combine(&there, 1, nullptr));
        checkOk(klr_combine(&andBack, 1, nullptr));
        Bytes result = back.read();
        for (int i = 0; i < 65536; i++) {
            if (!same(valueAt(result, type, i), valueAt(all, type, i))) {
                CHECK(false, "bits %d of type %d", i, static_cast<int>(type));
                break;
            }
        }
    }
}

/* A negative stride reads the rows from the last one up. */
void rowsFromTheLastUp() {
    constexpr int64_t ROWS = 35;
    constexpr int64_t COLS = 41;
    std::vector<float> before = cast<float>(normals(ROWS * COLS));
    Guarded<float> source(before);
    for (bool transposed : {false, true}) {
        Guarded<float> target(std::vector<float>(ROWS * COLS));
        int64_t rows = transposed ? COLS : ROWS;
        int64_t cols = transposed ? ROWS : COLS;
        klr_combine_problem problem{source.device() + (ROWS - 1) * COLS, KLR_F32, -COLS, target.device(), KLR_F32, cols,
                                    rows, cols, transposed, 1, 0};
        checkOk(klr_combine(&problem, 1, nullptr));
        std::vector<float> after = target.read();
        for (int64_t i = 0; i < ROWS * COLS; i++) {
            int64_t row = transposed ? i % cols : i / cols;
            int64_t col = transposed ? i / cols : i % cols;
            CHECK(after[i] == before[(ROWS - 1 - row) * COLS + col], "entry %lld, transposed %d", static_cast<long long>(i), transposed);
        }
    }
}

Bytes encoded(const std::vector<double>& values, int64_t type) {
    Bytes bytes(values.size() * sizeOf(type));
    for (size_t i = 0; i < values.size(); i++) {
        auto narrow = static_cast<float>(values[i]);
        uint16_t half = type == KLR_F16 ? reference::HALF.encode(values[i]) : reference::BFLOAT.encode(values[i]);
        const void* value = type == KLR_F64 ? &values[i] : type == KLR_F32 ? static_cast<const void*>(&narrow) : &half;
        std::memcpy(bytes.data() + i * sizeOf(type), value, sizeOf(type));
    }
    return bytes;
}

/* How far rounding to the type may move a number of the size of those here. */
double roundingOf(double value, int64_t type) {
    switch (type) {
        case KLR_F32: return reference::UNIT_F32 * std::fabs(value);
        case KLR_F64: return reference::UNIT_F64 * std::fabs(value);
        case KLR_F16: return std::fmax(std::ldexp(std::fabs(value), -11), std::ldexp(1, -25));
        default: return std::ldexp(std::fabs(value), -8);
    }
}

void checkSum(int64_t from, int64_t to, bool transposed, double factor, double kept) {
    constexpr int64_t ROWS = 35;
    constexpr int64_t COLS = 67;
    Bytes term = encoded(normals(ROWS * COLS), from);
    Bytes before = kept == 0 ? Bytes(ROWS * COLS * sizeOf(to), 0xFF) /* NaN */ : encoded(normals(ROWS * COLS), to);
    Guarded<unsigned char> source(term);
    Guarded<unsigned char> target(before);
    int64_t stride = transposed ? ROWS : COLS;
    klr_combine_problem problem{source.device(), from, stride, target.device(), to, COLS,
                                ROWS, COLS, transposed, factor, kept};
    checkOk(klr_combine(&problem, 1, nullptr));
    Bytes after = target.read();
    double unit = from == KLR_F64 || to == KLR_F64 ? reference::UNIT_F64 : reference::UNIT_F32;
    for (int64_t i = 0; i < ROWS * COLS; i++) {
        double one = factor * valueAt(term, from, transposed ? i % COLS * ROWS + i / COLS : i);
        double other = kept == 0 ? 0 : kept * valueAt(before, to, i);
        double allowed = reference::tolerance(2, unit, std::fabs(one) + std::fabs(other)) + roundingOf(one + other, to);
        CHECK(std::fabs(valueAt(after, to, i) - (one + other)) <= allowed, "type %d to %d, transposed %d: %g, not %g",
              static_cast<int>(from), static_cast<int>(to), transposed, valueAt(after, to, i), one + other);
    }
}

void sumsOfEveryType() {
    for (int64_t from = KLR_F32; from <= KLR_BF16; from++) {
        for (int64_t to = KLR_F32; to <= KLR_BF16; to++) {
            for (bool transposed : {false, true}) {
                checkSum(from, to, transposed, -0.75, 1);
                checkSum(from, to, transposed, 3, -0.3);
                checkSum(from, to, transposed, 0.1, 0);
            }
        }
    }
}

/* The sum would be 1 and 0 in float32. */
void aSumIsInFloat64WhereOneSideIs() {
    double little = std::ldexp(1, -30);
    Guarded<float> narrow({static_cast<float>(little)});
    Guarded<double> wide({1});
    klr_combine_problem widening{narrow.device(), KLR_F32, 1, wide.device(), KLR_F64, 1, 1, 1, 0, 1, 1};
    checkOk(klr_combine(&widening, 1, nullptr));
    CHECK(wide.read()[0] == 1 + little, "into float64: %.17g", wide.read()[0]);
    Guarded<float> minusOne({-1});
    klr_combine_problem narrowing{wide.device(), KLR_F64, 1, minusOne.device(), KLR_F32, 1, 1, 1, 1, 1, 1};
    checkOk(klr_combine(&narrowing, 1, nullptr));
    CHECK(minusOne.read()[0] == static_cast<float>(little), "into float32: %g", minusOne.read()[0]);
}

void aTargetMayBeItsOwnSource() {
    std::vector<double> before = normals(4099);
    Guarded<double> values(before);
    klr_combine_problem problem{values.device(), KLR_F64, 4099, values.device(), KLR_F64, 4099, 1, 4099, 0, -0.5, 0};
    checkOk(klr_combine(&problem, 1, nullptr));
    std::vector<double> after = values.read();
    for (size_t i = 0; i < before.size(); i++) {
        CHECK(after[i] == -0.5 * before[i], "entry %d", static_cast<int>(i));
    }
}

void manyProblems() {
    constexpr int64_t COUNT = 130;
    Guarded<double> source(normals(COUNT * 6));
    Guarded<double> target(std::vector<double>(COUNT * 6));
    std::vector<klr_combine_problem> problems;
    for (int64_t i = 0; i < COUNT; i++) {
        problems.push_back({source.device() + i * 6, KLR_F64, 2, target.device() + i * 6, KLR_F64, 3, 2, 3, 1, 1, 0});
    }
    checkOk(klr_combine(problems.data(), COUNT, nullptr));
    std::vector<double> before = source.read();
    std::vector<double> after = target.read();
    for (int64_t i = 0; i < COUNT * 6; i++) {
        CHECK(after[i] == before[i / 6 * 6 + i % 3 * 2 + i % 6 / 3], "problem %lld", static_cast<long long>(i / 6));
    }
}

void badArguments() {
    Guarded<float> a({1, 2, 3, 4});
    Guarded<float> b({0, 0, 0, 0});
    klr_combine_problem good{a.device(), KLR_F32, 2, b.device(), KLR_F32, 2, 2, 2, 0, 1, 0};
    auto refused = [&](auto change, const char* text) {
        klr_combine_problem problems[2] = {good, good};
        change(problems[1]);
        checkRefused(klr_combine(problems, 2, nullptr), text);
    };
    refused([](klr_combine_problem& p) { p.source_type = 4; }, "klr_combine: problem 1: source_type is 4");
    refused([](klr_combine_problem& p) { p.target_type = -1; }, "target_type is -1");
    refused([](klr_combine_problem& p) { p.source_stride = 1; }, "source_stride is 1");
    refused([](klr_combine_problem& p) { p.target_stride = 1; }, "target_stride is 1");
    refused([](klr_combine_problem& p) { p.rows = -2; }, "rows is -2");
    refused([](klr_combine_problem& p) { p.cols = int64_t{1} << 31; }, "cols is 2147483648");
    refused([](klr_combine_problem& p) { p.transposed = 2; }, "transposed is 2");
    refused([](klr_combine_problem& p) { p.source = nullptr; }, "source");
    refused([](klr_combine_problem& p) { p.factor = NAN; }, "factor is nan; must be finite");
    refused([](klr_combine_problem& p) { p.kept = -INFINITY; }, "kept is -inf");
    CHECK(b.read() == std::vector<float>(4), "a refused batch was worked on");
}

}  // namespace

int main() {
    return runTests({{"every type to every type", everyTypeToEveryType},
                     {"awkward shapes", awkwardShapes},
                     {"every half survives", everyHalfSurvives},
                     {"rows from the last up", rowsFromTheLastUp},
                     {"sums of every type", sumsOfEveryType},
                     {"a sum is in float64 where one side is", aSumIsInFloat64WhereOneSideIs},
                     {"a target may be its own source", aTargetMayBeItsOwnSource},
                     {"many problems", manyProblems},
                     {"bad arguments", badArguments}});
}
