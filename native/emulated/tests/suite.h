/* What the tests share: checks that count, matrices on the host, arrays on the emulated device. */
#pragma once

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "core/control.h"
#include "tests/api.h"

namespace test {

extern int failures;

inline void check(bool condition, const char* what) {
    if (condition) return;
    failures++;
    printf("FAILED: %s\n", what);
}

inline void require(int status, const char* what) {
    if (status == 0) return;
    printf("FAILED: %s returned %d\n", what, status);
    exit(1);
}

/* A column-major matrix on the host, with a leading dimension that may exceed its rows. */
template <class T>
struct Matrix {
    int rows, cols, ld;
    std::vector<T> values;

    Matrix(int r, int c, int padding = 0) : rows(r), cols(c), ld(r + padding), values(size_t(ld) * size_t(c), T(-777)) {}
    T& at(int i, int j) { return values[size_t(i) + size_t(j) * size_t(ld)]; }
    T at(int i, int j) const { return values[size_t(i) + size_t(j) * size_t(ld)]; }
};

/* Reproducible numbers in [-1, 1). */
template <class T>
Matrix<T> random(int rows, int cols, int padding = 0, unsigned seed = 1) {
    Matrix<T> m(rows, cols, padding);
    unsigned state = seed * 2654435761u + 12345u;
    for (int j = 0; j < cols; j++) {
        for (int i = 0; i < rows; i++) {
            state = state * 1664525u + 1013904223u;
            m.at(i, j) = T(double(state >> 8) / double(1 << 23) - 1);
        }
    }
    return m;
}

template <class T>
Matrix<T> turned(const Matrix<T>& m) {
    Matrix<T> t(m.cols, m.rows);
    for (int j = 0; j < m.cols; j++) {
        for (int i = 0; i < m.rows; i++) t.at(j, i) = m.at(i, j);
    }
    return t;
}

template <class T>
Matrix<double> times(const Matrix<T>& a, const Matrix<T>& b) {
    Matrix<double> c(a.rows, b.cols);
    for (int j = 0; j < b.cols; j++) {
        for (int i = 0; i < a.rows; i++) {
            double sum = 0;
            for (int l = 0; l < a.cols; l++) sum += double(a.at(i, l)) * double(b.at(l, j));
            c.at(i, j) = sum;
        }
    }
    return c;
}

/* Largest difference; NaN counts as infinite. */
template <class T, class U>
double distance(const Matrix<T>& a, const Matrix<U>& b) {
    double largest = a.rows == b.rows && a.cols == b.cols ? 0 : INFINITY;
    for (int j = 0; j < a.cols && largest < INFINITY; j++) {
        for (int i = 0; i < a.rows; i++) {
            double difference = std::fabs(double(a.at(i, j)) - double(b.at(i, j)));
            largest = std::isnan(difference) ? INFINITY : std::fmax(largest, difference);
        }
    }
    return largest;
}

inline Matrix<double> identity(int n) {
    Matrix<double> m(n, n);
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < n; i++) m.at(i, j) = i == j;
    }
    return m;
}

/* Rounding of sums of `length` products of numbers near one. */
template <class T>
double tolerance(int length) {
    return (sizeof(T) == 8 ? 1e-15 : 6e-7) * (4 + length);
}

/* An array on the emulated device, freed at the end. */
template <class T>
struct Device {
    T* pointer = nullptr;
    size_t count;

    explicit Device(size_t n) : count(n) { require(cudaMalloc(reinterpret_cast<void**>(&pointer), n * sizeof(T)), "cudaMalloc"); }
    explicit Device(const std::vector<T>& values) : Device(values.size()) { upload(values); }
    explicit Device(const Matrix<T>& m) : Device(m.values) {}
    ~Device() { require(cudaFree(pointer), "cudaFree"); }
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    operator T*() const { return pointer; }
    void upload(const std::vector<T>& values) { require(cudaMemcpy(pointer, values.data(), count * sizeof(T), 1), "upload"); }
    std::vector<T> download() const {
        std::vector<T> values(count);
        require(cudaMemcpy(values.data(), pointer, count * sizeof(T), 2), "download");
        return values;
    }
    Matrix<T> download(int rows, int cols, int padding = 0) const {
        Matrix<T> m(rows, cols, padding);
        m.values = download();
        return m;
    }
};

struct Blas {
    void* handle = nullptr;
    Blas() { require(cublasCreate_v2(&handle), "cublasCreate"); }
    ~Blas() { require(cublasDestroy_v2(handle), "cublasDestroy"); }
    operator void*() const { return handle; }
};

struct Solver {
    void *handle = nullptr, *params = nullptr;
    Solver() {
        require(cusolverDnCreate(&handle), "cusolverDnCreate");
        require(cusolverDnCreateParams(&params), "cusolverDnCreateParams");
    }
    ~Solver() {
        require(cusolverDnDestroyParams(params), "cusolverDnDestroyParams");
        require(cusolverDnDestroy(handle), "cusolverDnDestroy");
    }
    operator void*() const { return handle; }
};

void products();
void updates();
void decompositions();
void contract();
void streams();
void accounting();
void protection();

}  // namespace test
