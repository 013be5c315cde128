/*
 * The arithmetic of a matrix product, in plain loops: slower than a BLAS and independent of the one that the CPU backend uses.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace emulated {

enum class Element { F32, F64, F16, BF16 };

size_t bytesOf(Element element);

/* A matrix to read, with the operation that is applied to it and the precision that it is rounded to. */
struct Source {
    const void* pointer;
    Element element;
    int op; /* OP_N, OP_T, OP_C */
    int64_t ld;
    bool tf32 = false; /* rounded to the 10 bits that tensor cores keep of a float's fraction */
};

/* op(source) [rows x cols], contiguous. */
template <class T>
std::vector<T> gather(const Source& source, int64_t rows, int64_t cols);

/* left [m x k] * right [k x n], all contiguous. Sums are kept in T, in blocks of k, so that their rounding stays near a GPU's. */
template <class T>
std::vector<T> product(const std::vector<T>& left, const std::vector<T>& right, int64_t m, int64_t n, int64_t k);

/* target <- alpha * values + beta * target [m x n]; target is not read when beta is 0. */
template <class T>
void blend(T alpha, const std::vector<T>& values, T beta, T* target, int64_t ld, int64_t m, int64_t n);

}  // namespace emulated
