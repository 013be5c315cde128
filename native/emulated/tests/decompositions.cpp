/* Decompositions, judged by what is determined: products of the factors, orthonormality, order of the values. */
#include <algorithm>

#include "tests/suite.h"

namespace test {
namespace {

enum { F32 = 0, F64 = 1, LOWER = 0, UPPER = 1, VALUES = 0, VECTORS = 1 };

template <class T>
double orthonormality(const Matrix<T>& q) {
    return distance(times(turned(q), q), identity(q.cols));
}

template <class T>
Matrix<T> symmetric(int n, unsigned seed) {
    Matrix<T> a = random<T>(n, n, 0, seed);
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < j; i++) a.at(i, j) = a.at(j, i);
    }
    return a;
}

/* vectors * diag(values) * vectorsᵀ against the matrix, and ascending values. */
template <class T>
void eigen(const Matrix<T>& a, const T* vectors, const T* values, double allowed) {
    int n = a.rows;
    Matrix<T> v(n, n), scaled(n, n);
    std::copy_n(vectors, n * n, v.values.begin());
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < n; i++) scaled.at(i, j) = v.at(i, j) * values[j];
    }
    check(orthonormality(v) < allowed, "eigenvectors are orthonormal");
    check(distance(times(scaled, turned(v)), a) < allowed, "eigenvectors and eigenvalues make the matrix");
    check(std::is_sorted(values, values + n), "eigenvalues ascend");
}

template <class T>
void batchedEigen(const Solver& solver, int type, double allowed) {
    constexpr int n = 17, batch = 3;
    std::vector<T> all;
    for (unsigned i = 0; i < batch; i++) {
        Matrix<T> a = symmetric<T>(n, i + 1);
        for (int j = 1; j < n; j++) a.at(0, j) = NAN; /* above the diagonal: not read */
        all.insert(all.end(), a.values.begin(), a.values.end());
    }
    Device<T> a(all), w(n * batch);
    Device<int> info(batch);
    size_t device = 0, host = 0;
    require(cusolverDnXsyevBatched_bufferSize(solver, solver.params, VECTORS, LOWER, n, type, a, n, type, w, type, &device, &host, batch), "size");
    Device<char> work(device);
    std::vector<char> hostWork(host);
    require(cusolverDnXsyevBatched(solver, solver.params, VECTORS, LOWER, n, type, a, n, type, w, type, work, device, hostWork.data(), host, info,
                                   batch),
            "XsyevBatched");
    std::vector<T> vectors = a.download(), values = w.download();
    check(info.download() == std::vector<int>(batch, 0), "every problem converged");
    for (unsigned i = 0; i < batch; i++) eigen(symmetric<T>(n, i + 1), vectors.data() + i * n * n, values.data() + i * n, allowed);
}

void singleEigen(const Solver& solver) {
    constexpr int n = 23;
    Matrix<double> a = symmetric<double>(n, 4);
    Device<double> da(a), w(n);
    Device<int> info(1);
    int lwork = 0;
    require(cusolverDnDsyevd_bufferSize(solver, VALUES, UPPER, n, da, n, w, &lwork), "size");
    Device<double> work(static_cast<size_t>(lwork));
    require(cusolverDnDsyevd(solver, VALUES, UPPER, n, da, n, w, work, lwork, info), "Dsyevd");
    std::vector<double> values = w.download();
    check(std::is_sorted(values.begin(), values.end()), "eigenvalues ascend");
    check(std::isnan(da.download()[0]), "the matrix is destroyed when only values are asked for");

    Device<double> again(a), unsorted(n);
    void* params = nullptr;
    require(cusolverDnCreateSyevjInfo(&params), "create info");
    require(cusolverDnXsyevjSetSortEig(params, 0), "do not sort");
    require(cusolverDnDsyevjBatched_bufferSize(solver, VECTORS, UPPER, n, again, n, unsorted, &lwork, params, 1), "size");
    Device<double> jacobi(static_cast<size_t>(lwork));
    require(cusolverDnDsyevjBatched(solver, VECTORS, UPPER, n, again, n, unsorted, jacobi, lwork, info, params, 1), "DsyevjBatched");
    require(cusolverDnDestroySyevjInfo(params), "destroy info");
    std::vector<double> descending = unsorted.download();
    check(!std::is_sorted(descending.begin(), descending.end()), "unsorted values do not happen to ascend");
    std::reverse(descending.begin(), descending.end());
    for (size_t i = 0; i < n; i++) check(std::fabs(descending[i] - values[i]) < 1e-12, "the same values as by Dsyevd");
}

/* u * diag(s) * vt against the matrix, and descending values. */
template <class T>
void singular(const Matrix<T>& a, const Matrix<T>& u, const std::vector<T>& s, const Matrix<T>& vt, double allowed) {
    Matrix<T> scaled(a.rows, a.cols);
    for (int j = 0; j < a.cols; j++) {
        for (int i = 0; i < a.rows; i++) scaled.at(i, j) = u.at(i, j) * s[size_t(j)];
    }
    check(orthonormality(u) < allowed && orthonormality(turned(vt)) < allowed, "singular vectors are orthonormal");
    check(distance(times(scaled, vt), a) < allowed, "U, S and VT make the matrix");
    check(std::is_sorted(s.rbegin(), s.rend()) && s.back() >= 0, "singular values descend");
}

void singularValues(const Solver& solver) {
    constexpr int m = 19, n = 8;
    Device<int> info(1);
    int lwork = 0;

    Matrix<float> f = random<float>(m, n, 1);
    Device<float> fa(f), fs(n), fu(m * n), fvt(n * n);
    require(cusolverDnSgesvd_bufferSize(solver, m, n, &lwork), "size");
    Device<float> fwork(static_cast<size_t>(lwork));
    require(cusolverDnSgesvd(solver, 'S', 'S', m, n, fa, f.ld, fs, fu, m, fvt, n, fwork, lwork, nullptr, info), "Sgesvd");
    singular(f, fu.download(m, n), fs.download(), fvt.download(n, n), 1e-4);
    check(std::isnan(fa.download()[0]), "the matrix is destroyed");

    Matrix<double> d = random<double>(m, n);
    Device<double> da(d), ds(n), du(m * m), dvt(n * n);
    size_t device = 0, host = 0;
    require(cusolverDnXgesvd_bufferSize(solver, solver.params, 'A', 'A', m, n, F64, da, m, F64, ds, F64, du, m, F64, dvt, n, F64, &device, &host),
            "size");
    Device<char> work(device);
    std::vector<char> hostWork(host);
    require(cusolverDnXgesvd(solver, solver.params, 'A', 'A', m, n, F64, da, m, F64, ds, F64, du, m, F64, dvt, n, F64, work, device,
                             hostWork.data(), host, info),
            "Xgesvd");
    singular(d, du.download(m, m), ds.download(), dvt.download(n, n), 1e-12);
}

void qr(const Solver& solver) {
    constexpr int m = 14, n = 6;
    Matrix<double> a = random<double>(m, n, 2), c = random<double>(m, 3, 0, 11);
    Device<double> da(a), tau(n), dc(c);
    Device<int> info(1);
    int lwork = 0;
    require(cusolverDnDgeqrf_bufferSize(solver, m, n, da, a.ld, &lwork), "size");
    Device<double> work(static_cast<size_t>(lwork));
    require(cusolverDnDgeqrf(solver, m, n, da, a.ld, tau, work, lwork, info), "Dgeqrf");
    Matrix<double> factored = da.download(m, n, 2), r(n, n);
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < n; i++) r.at(i, j) = i <= j ? factored.at(i, j) : 0;
    }

    require(cusolverDnDormqr_bufferSize(solver, 0, 1, m, 3, n, da, a.ld, tau, dc, m, &lwork), "size");
    Device<double> space(static_cast<size_t>(lwork));
    require(cusolverDnDormqr(solver, 0, 1, m, 3, n, da, a.ld, tau, dc, m, space, lwork, info), "Dormqr");

    require(cusolverDnDorgqr_bufferSize(solver, m, n, n, da, a.ld, tau, &lwork), "size");
    Device<double> room(static_cast<size_t>(lwork));
    require(cusolverDnDorgqr(solver, m, n, n, da, a.ld, tau, room, lwork, info), "Dorgqr");
    Matrix<double> q = da.download(m, n, 2);
    check(orthonormality(q) < 1e-13, "Q is orthonormal");
    check(distance(times(q, r), a) < 1e-13, "Q and R make the matrix");
    Matrix<double> applied = dc.download(m, 3), top(n, 3);
    for (int j = 0; j < 3; j++) {
        for (int i = 0; i < n; i++) top.at(i, j) = applied.at(i, j);
    }
    check(distance(top, times(turned(q), c)) < 1e-13, "ormqr applies the transpose of Q");
    check(info.download()[0] == 0, "info is 0");
}

void cholesky(const Solver& solver) {
    constexpr int n = 9;
    Matrix<double> x = random<double>(n, 2 * n), a = times(x, turned(x)), bad = a;
    bad.at(3, 3) = -1;
    Device<double> da(a), first(a), second(bad);
    Device<int> info(1), infos(2);
    int lwork = 0;
    require(cusolverDnDpotrf_bufferSize(solver, LOWER, n, da, n, &lwork), "size");
    Device<double> work(static_cast<size_t>(lwork));
    require(cusolverDnDpotrf(solver, LOWER, n, da, n, work, lwork, info), "Dpotrf");
    Matrix<double> l = da.download(n, n);
    check(l.at(0, 1) == a.at(0, 1), "potrf leaves the other triangle");
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < j; i++) l.at(i, j) = 0;
    }
    check(distance(times(l, turned(l)), a) < 1e-12, "the factor makes the matrix");

    Device<double*> both(std::vector<double*>{first, second});
    require(cusolverDnDpotrfBatched(solver, LOWER, n, both, n, infos, 2), "DpotrfBatched");
    check(infos.download() == std::vector<int>({0, 4}), "info names the row where a matrix is not positive definite");
    check(std::isnan(first.download(n, n).at(0, 1)), "potrfBatched destroys the other triangle");
}

}  // namespace

void decompositions() {
    Solver solver;
    batchedEigen<double>(solver, F64, 1e-12);
    batchedEigen<float>(solver, F32, 1e-4);
    singleEigen(solver);
    singularValues(solver);
    qr(solver);
    cholesky(solver);
}

}  // namespace test
