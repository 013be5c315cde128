/* Symmetric updates, triangular solves, and the functions that go element by element. */
#include <algorithm>

#include "tests/suite.h"

namespace test {
namespace {

enum { N = 0, T = 1, LOWER = 0, UPPER = 1, LEFT = 0, RIGHT = 1 };

/* Only the triangle is compared, and only the triangle may have changed. */
void triangle(const Matrix<double>& actual, const Matrix<double>& expected, int uplo, double untouched) {
    for (int j = 0; j < actual.cols; j++) {
        for (int i = 0; i < actual.rows; i++) {
            bool inside = uplo == LOWER ? i >= j : i <= j;
            double expect = inside ? expected.at(i, j) : untouched;
            check(std::fabs(actual.at(i, j) - expect) < 1e-13, inside ? "triangle of the update" : "the other triangle is not touched");
        }
    }
}

void symmetric(const Blas& blas) {
    double one = 1, zero = 0;
    for (int uplo : {LOWER, UPPER}) {
        for (int op : {N, T}) {
            Matrix<double> a = random<double>(op == N ? 6 : 9, op == N ? 9 : 6, 2), b = random<double>(a.rows, a.cols, 0, 7);
            Device<double> da(a), db(b);
            Device<double> c(std::vector<double>(36, 5.0)), both(std::vector<double>(36, 5.0));
            require(cublasDsyrk_v2(blas, uplo, op, 6, 9, &one, da, a.ld, &zero, c, 6), "syrk");
            Matrix<double> x = op == N ? a : turned(a), y = op == N ? b : turned(b);
            triangle(c.download(6, 6), times(x, turned(x)), uplo, 5);
            require(cublasDsyr2k_v2(blas, uplo, op, 6, 9, &one, da, a.ld, db, b.ld, &zero, both, 6), "syr2k");
            Matrix<double> sum = times(x, turned(y)), mirrored = turned(sum);
            for (size_t i = 0; i < sum.values.size(); i++) sum.values[i] += mirrored.values[i];
            triangle(both.download(6, 6), sum, uplo, 5);
        }
    }
}

/* Triangular with a diagonal away from zero; the other triangle holds NaN, which must not be read. */
Matrix<double> triangular(int n, int uplo, bool unit) {
    Matrix<double> a = random<double>(n, n, 1);
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < n; i++) {
            if (uplo == LOWER ? i < j : i > j) a.at(i, j) = NAN;
        }
        a.at(j, j) = unit ? NAN : 3 + a.at(j, j);
    }
    return a;
}

Matrix<double> full(const Matrix<double>& a, int uplo, bool unit) {
    Matrix<double> f(a.rows, a.cols);
    for (int j = 0; j < a.cols; j++) {
        for (int i = 0; i < a.rows; i++) f.at(i, j) = i == j ? (unit ? 1 : a.at(i, j)) : (uplo == LOWER ? i > j : i < j) ? a.at(i, j) : 0;
    }
    return f;
}

void solves(const Blas& blas) {
    double two = 2;
    for (int choice = 0; choice < 16; choice++) {
        int side = choice & 1, uplo = choice >> 1 & 1, op = choice >> 2 & 1, unit = choice >> 3;
        Matrix<double> a = triangular(side == LEFT ? 5 : 4, uplo, unit != 0), b = random<double>(5, 4, 2, 8);
        Device<double> da(a), db(b), again(b);
        require(cublasDtrsm_v2(blas, side, uplo, op, unit, 5, 4, &two, da, a.ld, db, b.ld), "trsm");
        Matrix<double> x = db.download(5, 4, 2), f = op == N ? full(a, uplo, unit != 0) : turned(full(a, uplo, unit != 0));
        Matrix<double> back = side == LEFT ? times(f, x) : times(x, f);
        for (double& value : back.values) value /= 2;
        check(distance(back, b) < 1e-12, "trsm solves");
        Device<const double*> as(std::vector<const double*>{da});
        Device<double*> bs(std::vector<double*>{again});
        require(cublasDtrsmBatched(blas, side, uplo, op, unit, 5, 4, &two, as, a.ld, bs, b.ld, 1), "trsmBatched");
        check(distance(again.download(5, 4, 2), x) == 0, "trsmBatched does the same");
    }
}

void elementwise(const Blas& blas) {
    double alpha = 2, beta = -1, zero = 0, norm = 0;
    Matrix<double> a = random<double>(3, 5, 1), b = random<double>(5, 3, 0, 4);
    Device<double> da(a), db(b), c(15);
    require(cublasDgeam(blas, N, T, 3, 5, &alpha, da, a.ld, &beta, db, b.ld, c, 3), "geam");
    Matrix<double> sum(3, 5);
    for (int j = 0; j < 5; j++) {
        for (int i = 0; i < 3; i++) sum.at(i, j) = 2 * a.at(i, j) - b.at(j, i);
    }
    check(distance(c.download(3, 5), sum) < 1e-15, "geam adds a transpose");
    require(cublasDgeam(blas, T, N, 5, 3, &alpha, da, a.ld, &zero, nullptr, 5, db, 5), "geam without B");
    check(std::fabs(db.download(5, 3).at(4, 2) - 2 * a.at(2, 4)) < 1e-15, "geam transposes, and does not look at a term of weight 0");

    Device<double> x(std::vector<double>{1, -7, 2, -7, 3});
    require(cublasDdgmm(blas, LEFT, 3, 5, c, 3, x, 2, c, 3), "dgmm");
    check(std::fabs(c.download(3, 5).at(2, 4) - 3 * sum.at(2, 4)) < 1e-15, "dgmm scales rows in place");
    require(cublasDnrm2_v2(blas, 3, x, 2, &norm), "nrm2");
    check(std::fabs(norm - std::sqrt(14.0)) < 1e-15, "nrm2 with an increment");
    Device<double> y(std::vector<double>{7, 5, 3});
    require(cublasDscal_v2(blas, 2, &beta, y, 2), "scal");
    check(y.download() == std::vector<double>({-7, 5, -3}), "scal with an increment");
    require(cublasDcopy_v2(blas, 3, y, 1, x, 2), "copy");
    check(x.download() == std::vector<double>({-7, -7, 5, -7, -3}), "copy with an increment");

    Device<double> result(1);
    require(cublasSetPointerMode_v2(blas, 1), "device scalars");
    require(cublasDnrm2_v2(blas, 3, y, 1, result), "nrm2 to device memory");
    check(std::fabs(result.download()[0] - std::sqrt(83.0)) < 1e-14, "the result is in device memory");
}

}  // namespace

void updates() {
    Blas blas;
    symmetric(blas);
    solves(blas);
    elementwise(blas);
}

}  // namespace test
