#include "cublas/product.h"

#include <algorithm>
#include <cstring>

#include "cublas/cublas.h"

namespace emulated {
namespace {

constexpr int64_t BLOCK = 256;

float floatOf(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

uint32_t bitsOf(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

float fromHalf(uint16_t half) {
    uint32_t sign = uint32_t(half & 0x8000) << 16, exponent = (half >> 10) & 31, fraction = half & 1023;
    if (exponent == 31) return floatOf(sign | 0x7F800000 | fraction << 13);
    if (exponent != 0) return floatOf(sign | (exponent + 112) << 23 | fraction << 13);
    float small = float(fraction) * 0x1p-24f;
    return sign == 0 ? small : -small;
}

/* Round to nearest, ties to even. */
float toTf32(float value) {
    uint32_t bits = bitsOf(value);
    if ((bits & 0x7F800000) == 0x7F800000) return value;
    return floatOf((bits + 0xFFF + (bits >> 13 & 1)) & ~uint32_t(0x1FFF));
}

template <class T>
T read(const Source& source, int64_t at) {
    switch (source.element) {
        case Element::F64: return T(static_cast<const double*>(source.pointer)[at]);
        case Element::F16: return T(fromHalf(static_cast<const uint16_t*>(source.pointer)[at]));
        case Element::BF16: return T(floatOf(uint32_t(static_cast<const uint16_t*>(source.pointer)[at]) << 16));
        case Element::F32: break;
    }
    float value = static_cast<const float*>(source.pointer)[at];
    return T(source.tf32 ? toTf32(value) : value);
}

/* sum[i] += over l in [from, to) of left(i, l) * right[l] */
template <class T>
void addColumns(const T* left, const T* right, int64_t m, int64_t from, int64_t to, T* sum) {
    int64_t l = from;
    for (; l + 4 <= to; l += 4) {
        const T *a = left + l * m, *b = a + m, *c = b + m, *d = c + m;
        T wa = right[l], wb = right[l + 1], wc = right[l + 2], wd = right[l + 3];
        for (int64_t i = 0; i < m; i++) sum[i] += (a[i] * wa + b[i] * wb) + (c[i] * wc + d[i] * wd);
    }
    for (; l < to; l++) {
        for (int64_t i = 0; i < m; i++) sum[i] += left[l * m + i] * right[l];
    }
}

}  // namespace

size_t bytesOf(Element element) {
    return element == Element::F64 ? 8 : element == Element::F32 ? 4 : 2;
}

template <class T>
std::vector<T> gather(const Source& source, int64_t rows, int64_t cols) {
    std::vector<T> values(size_t(rows * cols));
    for (int64_t j = 0; j < cols; j++) {
        for (int64_t i = 0; i < rows; i++) {
            values[size_t(i + j * rows)] = read<T>(source, source.op == OP_N ? i + j * source.ld : j + i * source.ld);
        }
    }
    return values;
}

template <class T>
std::vector<T> product(const std::vector<T>& left, const std::vector<T>& right, int64_t m, int64_t n, int64_t k) {
    std::vector<T> values(size_t(m * n)), sum(static_cast<size_t>(m));
    for (int64_t j = 0; j < n; j++) {
        T* column = values.data() + j * m;
        for (int64_t from = 0; from < k; from += BLOCK) {
            std::fill(sum.begin(), sum.end(), T(0));
            addColumns(left.data(), right.data() + j * k, m, from, std::min(k, from + BLOCK), sum.data());
            for (int64_t i = 0; i < m; i++) column[i] += sum[size_t(i)];
        }
    }
    return values;
}

template <class T>
void blend(T alpha, const std::vector<T>& values, T beta, T* target, int64_t ld, int64_t m, int64_t n) {
    for (int64_t j = 0; j < n; j++) {
        for (int64_t i = 0; i < m; i++) {
            T fresh = alpha == T(0) ? T(0) : alpha * values[size_t(i + j * m)];
            T& place = target[i + j * ld];
            place = beta == T(0) ? fresh : fresh + beta * place;
        }
    }
}

template std::vector<float> gather(const Source&, int64_t, int64_t);
template std::vector<double> gather(const Source&, int64_t, int64_t);
template std::vector<float> product(const std::vector<float>&, const std::vector<float>&, int64_t, int64_t, int64_t);
template std::vector<double> product(const std::vector<double>&, const std::vector<double>&, int64_t, int64_t, int64_t);
template void blend(float, const std::vector<float>&, float, float*, int64_t, int64_t, int64_t);
template void blend(double, const std::vector<double>&, double, double*, int64_t, int64_t, int64_t);

}  // namespace emulated
