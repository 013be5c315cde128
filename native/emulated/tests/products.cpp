/* Every form of the matrix product against plain loops: transposes, leading dimensions, alpha and beta, batches, groups, narrow types. */
#include <algorithm>

#include "tests/suite.h"

namespace test {
namespace {

enum { N = 0, T = 1 };

/* [alpha * op(a) * op(b) + beta * c] in double. */
template <class E>
Matrix<double> expected(int opA, int opB, double alpha, const Matrix<E>& a, const Matrix<E>& b, double beta, const Matrix<E>& c) {
    Matrix<double> e = times(opA == N ? a : turned(a), opB == N ? b : turned(b));
    for (int j = 0; j < e.cols; j++) {
        for (int i = 0; i < e.rows; i++) e.at(i, j) = alpha * e.at(i, j) + (beta == 0 ? 0 : beta * double(c.at(i, j)));
    }
    return e;
}

int gemm(void* handle, int opA, int opB, int m, int n, int k, const float* alpha, const float* a, int lda, const float* b, int ldb,
         const float* beta, float* c, int ldc) {
    return cublasSgemm_v2(handle, opA, opB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

int gemm(void* handle, int opA, int opB, int m, int n, int k, const double* alpha, const double* a, int lda, const double* b, int ldb,
         const double* beta, double* c, int ldc) {
    return cublasDgemm_v2(handle, opA, opB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

template <class E>
void oneShape(const Blas& blas, int m, int n, int k, int padding) {
    for (int op = 0; op < 4; op++) {
        for (E beta : {E(0), E(1), E(-0.5)}) {
            int opA = op & 1, opB = op >> 1;
            E alpha = beta == E(1) ? E(-1) : E(2);
            Matrix<E> a = random<E>(opA == N ? m : k, opA == N ? k : m, padding, 1), b = random<E>(opB == N ? k : n, opB == N ? n : k, padding, 2);
            Matrix<E> c = random<E>(m, n, padding, 3);
            Device<E> da(a), db(b), dc(c);
            require(gemm(blas, opA, opB, m, n, k, &alpha, da, a.ld, db, b.ld, &beta, dc, c.ld), "gemm");
            Matrix<E> actual = dc.download(m, n, padding);
            check(distance(actual, expected(opA, opB, alpha, a, b, beta, c)) < 3 * tolerance<E>(k), "gemm is what plain loops say");
            if (padding > 0) check(actual.values[size_t(m)] == E(-777), "gemm leaves what lies between the columns");
        }
    }
}

void zeroScalars(const Blas& blas) {
    Matrix<double> a = random<double>(3, 3);
    Device<double> da(a), nan(9);
    double one = 1, zero = 0;
    require(cublasDgemm_v2(blas, N, N, 3, 3, 3, &one, da, 3, da, 3, &zero, nan, 3), "beta 0");
    check(distance(nan.download(3, 3), times(a, a)) < tolerance<double>(3), "beta 0 does not read C");
    Device<double> c(a), unread(9);
    require(cublasDgemm_v2(blas, N, N, 3, 3, 3, &zero, unread, 3, unread, 3, &one, c, 3), "alpha 0");
    check(distance(c.download(3, 3), a) == 0, "alpha 0 does not read A and B");
    require(cublasDgemm_v2(blas, N, N, 3, 3, 0, &one, nullptr, 3, nullptr, 1, &one, c, 3), "k 0");
    check(distance(c.download(3, 3), a) == 0, "k 0 keeps beta * C");
}

void strided(const Blas& blas) {
    constexpr int m = 5, n = 4, k = 7, count = 3;
    Matrix<float> a = random<float>(m, k * count), b = random<float>(k, n, 0, 9);
    Device<float> da(a), db(b), dc(size_t(m * n * count));
    float one = 1, zero = 0;
    require(cublasSgemmStridedBatched(blas, N, N, m, n, k, &one, da, m, m * k, db, k, 0, &zero, dc, m, m * n, count), "strided");
    for (int i = 0; i < count; i++) {
        Matrix<float> part(m, k), actual(m, n);
        std::vector<float> all = dc.download();
        std::copy_n(a.values.begin() + i * m * k, m * k, part.values.begin());
        std::copy_n(all.begin() + i * m * n, m * n, actual.values.begin());
        check(distance(actual, times(part, b)) < tolerance<float>(k), "strided batch with a shared B");
    }
}

void batched(const Blas& blas) {
    Matrix<double> a = random<double>(4, 6), b = random<double>(4, 6, 0, 5);
    Device<double> da(a), db(b), first(36), second(36);
    Device<const double*> as(std::vector<const double*>{da, db}), bs(std::vector<const double*>{db, da});
    Device<double*> cs(std::vector<double*>{first, second});
    double one = 1, zero = 0;
    require(cublasDgemmBatched(blas, T, N, 6, 6, 4, &one, as, 4, bs, 4, &zero, cs, 6, 2), "batched");
    check(distance(first.download(6, 6), times(turned(a), b)) < tolerance<double>(4), "first of the batch");
    check(distance(second.download(6, 6), times(turned(b), a)) < tolerance<double>(4), "second of the batch");
}

/* Group 0: two products [3 x 5] * [5 x 2]; group 1: one [4 x 3]ᵀ * [4 x 4], doubled and added to C. */
void grouped(const Blas& blas) {
    Matrix<float> a0 = random<float>(3, 5, 1, 1), b0 = random<float>(5, 2, 0, 2), a1 = random<float>(4, 3, 0, 3), b1 = random<float>(4, 4, 2, 4);
    Matrix<float> c1 = random<float>(3, 4, 0, 5);
    Device<float> dA0(a0), dB0(b0), dA1(a1), dB1(b1), dC0(6), dC1(6), dC2(c1);
    Device<const float*> as(std::vector<const float*>{dA0, dA0, dA1}), bs(std::vector<const float*>{dB0, dB0, dB1});
    Device<float*> cs(std::vector<float*>{dC0, dC1, dC2});
    const int opA[] = {N, T}, opB[] = {N, N}, m[] = {3, 3}, n[] = {2, 4}, k[] = {5, 4}, lda[] = {4, 4}, ldb[] = {5, 6}, ldc[] = {3, 3};
    const int size[] = {2, 1};
    const float alpha[] = {1, 2}, beta[] = {0, 1};
    require(cublasSgemmGroupedBatched(blas, opA, opB, m, n, k, alpha, as, lda, bs, ldb, beta, cs, ldc, 2, size), "grouped");
    Matrix<double> e0 = times(a0, b0), e1 = expected(T, N, 2, a1, b1, 1, c1);
    check(distance(dC0.download(3, 2), e0) < tolerance<float>(5), "first of group 0");
    check(distance(dC1.download(3, 2), e0) < tolerance<float>(5), "second of group 0");
    check(distance(dC2.download(3, 4), e1) < 3 * tolerance<float>(4), "group 1");
}

/* Narrow operands: the numbers are exact in both types, the products too. */
void narrow(const Blas& blas) {
    const std::vector<uint16_t> half = {0x3C00, 0xC000, 0x3800, 0x0001}, brain = {0x3F80, 0xC000, 0x3F00, 0x3C00};
    const float smallest = 0x1p-24f, values[] = {1, -2, 0.5f};
    float one = 1, zero = 0, out;
    Device<float> c(1);
    for (bool isHalf : {true, false}) {
        Device<uint16_t> a(isHalf ? half : brain);
        int type = isHalf ? 2 : 14;
        for (int i = 0; i < 4; i++) {
            require(cublasGemmEx(blas, N, N, 1, 1, 1, &one, a + i, type, 1, a, type, 1, &zero, c, 0, 1, 68, -1), "GemmEx");
            require(cudaMemcpy(&out, c, 4, 2), "copy");
            float expect = i < 3 ? values[i] : isHalf ? smallest : 0x1p-7f;
            check(out == expect, "GemmEx of a narrow type");
        }
    }
}

void tf32(const Blas& blas) {
    Device<float> a(std::vector<float>{1 + 0x1p-12f}), b(std::vector<float>{1}), c(1);
    float one = 1, zero = 0;
    require(cublasSetMathMode(blas, 3), "TF32 math");
    require(cublasSgemm_v2(blas, N, N, 1, 1, 1, &one, a, 1, b, 1, &zero, c, 1), "TF32 gemm");
    check(c.download()[0] == 1, "TF32 math rounds the operands");
    require(cublasSetMathMode(blas, 0), "default math");
    require(cublasSgemm_v2(blas, N, N, 1, 1, 1, &one, a, 1, b, 1, &zero, c, 1), "gemm");
    check(c.download()[0] == 1 + 0x1p-12f, "default math does not");
}

}  // namespace

void products() {
    Blas blas;
    for (int padding : {0, 3}) {
        oneShape<float>(blas, 1, 1, 1, padding);
        oneShape<float>(blas, 13, 5, 300, padding);
        oneShape<double>(blas, 7, 31, 11, padding);
        oneShape<double>(blas, 64, 3, 257, padding);
    }
    zeroScalars(blas);
    strided(blas);
    batched(blas);
    grouped(blas);
    narrow(blas);
    tf32(blas);
}

}  // namespace test
