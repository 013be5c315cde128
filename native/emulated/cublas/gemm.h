/* One matrix product of the GEMM family: its checks and its computation. */
#pragma once

#include <utility>

#include "cublas/cublas.h"
#include "cublas/product.h"

namespace emulated {

struct GemmShape {
    int opA;
    int opB;
    int64_t m;
    int64_t n;
    int64_t k;
};

/* target <- alpha * op(A) * op(B) + beta * target, all of them in device memory. */
template <class T>
struct Gemm {
    GemmShape shape;
    Scalar<T> alpha;
    Source a;
    Source b;
    Scalar<T> beta;
    T* target;
    int64_t ld;
    int64_t index = 0; /* in its batch */
};

/* Arrays of pointers in device memory, one element for each problem. */
template <class T>
struct Pointers {
    const T* const* a;
    const T* const* b;
    T* const* c;
};

template <class T>
constexpr Element elementOf() {
    return sizeof(T) == 8 ? Element::F64 : Element::F32;
}

template <class T>
Gemm<T> gemmOf(const GemmShape& shape, Scalar<T> alpha, const T* a, int64_t lda, const T* b, int64_t ldb,
               Scalar<T> beta, T* c, int64_t ldc, bool tf32) {
    return {shape, alpha, {a, elementOf<T>(), shape.opA, lda, tf32}, {b, elementOf<T>(), shape.opB, ldb, tf32}, beta, c, ldc};
}

/* What the math mode of a handle does to float operands. */
inline bool roundsToTf32(const BlasHandle& handle) {
    return handle.mathMode == TF32_MATH;
}

template <class T>
Operand targetOf(const Gemm<T>& gemm) {
    return {"C", gemm.target, gemm.shape.m, gemm.shape.n, gemm.ld, sizeof(T), gemm.index};
}

inline Operand operandOf(const char* name, const Source& source, int64_t rows, int64_t cols, int64_t index) {
    bool plain = source.op == OP_N;
    return {name, source.pointer, plain ? rows : cols, plain ? cols : rows, source.ld, bytesOf(source.element), index};
}

/* The product may run: sizes, leading dimensions, memory of the operands, C apart from A and B. */
template <class T>
void check(Call& call, const Gemm<T>& gemm) {
    const GemmShape& s = gemm.shape;
    checkOption(call, "transa", s.opA, OP_C);
    checkOption(call, "transb", s.opB, OP_C);
    call.require(s.m >= 0 && s.n >= 0 && s.k >= 0, "m = %lld, n = %lld, k = %lld must not be negative", (long long)s.m, (long long)s.n,
                 (long long)s.k);
    Operand a = operandOf("A", gemm.a, s.m, s.k, gemm.index), b = operandOf("B", gemm.b, s.k, s.n, gemm.index), c = targetOf(gemm);
    checkMatrix(call, a);
    checkMatrix(call, b);
    checkMatrix(call, c);
    checkDisjoint(call, c, a);
    checkDisjoint(call, c, b);
}

/* Checks have passed. A and B are not read when alpha is 0. */
template <class T>
void compute(const Gemm<T>& gemm) {
    const GemmShape& s = gemm.shape;
    if (s.m == 0 || s.n == 0) return;
    std::vector<T> values;
    T alpha = gemm.alpha.get();
    if (alpha != T(0)) values = product(gather<T>(gemm.a, s.m, s.k), gather<T>(gemm.b, s.k, s.n), s.m, s.n, s.k);
    blend(alpha, values, gemm.beta.get(), gemm.target, gemm.ld, s.m, s.n);
}

/* A batch with one bad problem computes nothing. No target may overlap another one. */
template <class T>
void check(Call& call, const std::vector<Gemm<T>>& batch) {
    for (const Gemm<T>& gemm : batch) check(call, gemm);
    for (size_t i = 0; i < batch.size(); i++) {
        for (size_t j = 0; j < i; j++) checkDisjoint(call, targetOf(batch[i]), targetOf(batch[j]));
    }
}

/* Operands that the call names itself are checked by it. */
template <class T>
void enqueue(Call& call, void* stream, std::vector<Gemm<T>> batch) {
    check(call, batch);
    call.enqueue(stream, [batch = std::move(batch)](Call&) {
        for (const Gemm<T>& gemm : batch) compute(gemm);
    });
}

/* Operands that device memory names are checked when the work runs: `pointers` then completes gemm i of the batch. */
template <class T>
void enqueue(Call& call, void* stream, std::vector<Gemm<T>> batch, Pointers<T> pointers) {
    call.enqueue(stream, [batch = std::move(batch), pointers](Call& late) mutable {
        for (size_t i = 0; i < batch.size(); i++) {
            batch[i].a.pointer = pointers.a[i];
            batch[i].b.pointer = pointers.b[i];
            batch[i].target = pointers.c[i];
        }
        check(late, batch);
        for (const Gemm<T>& gemm : batch) compute(gemm);
    });
}

}  // namespace emulated
