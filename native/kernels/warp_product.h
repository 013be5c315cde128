/*
 * A product [64 x 32] += left^T right computed by one warp in 8 x 8 registers a thread, for klr_project_out: left [8 x 64] staged through
 * shared memory of the warp's own, either rows of a row-major matrix or, transposed, a panel of 64 rows; right [8 x 32] in shared memory.
 * For each summand a thread reads sixteen floats and multiplies 64 times; each read of a warp touches at most 128 different bytes.
 */
#pragma once

#include "border.h"

namespace klr::warp {

constexpr int WARP = 32;
constexpr int COLUMNS = 32; /* of the right factor */
constexpr int BLOCK = 64;   /* columns of the left factor */
constexpr int DEPTH = 8;    /* summands per stage */
constexpr int PITCH = BLOCK + 4; /* keeps rows of a stage 16-byte aligned; transposed stores hit different banks */
constexpr int FETCHES = BLOCK * DEPTH / (4 * WARP);

using Quad = Pack<float>;

/* Row-major [rows x cols] in device memory. */
struct Basis {
    const float* values;
    int64_t rows;
    int64_t cols;
    bool aligned; /* every row starts at a multiple of sixteen bytes */
};

/* Up to four floats, zeros beyond `valid`. */
__device__ inline Quad fetch(const float* values, int64_t valid, bool aligned) {
    if (aligned && valid >= 4) {
        return *reinterpret_cast<const Quad*>(values);
    }
    Quad quad;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        quad.values[i] = i < valid ? values[i] : 0.0f;
    }
    return quad;
}

__device__ inline Quad& quadAt(float* shared) {
    return *reinterpret_cast<Quad*>(shared);
}
__device__ inline const Quad& quadAt(const float* shared) {
    return *reinterpret_cast<const Quad*>(shared);
}

/* A thread's entry (i, j) of a warp's product [64 x 32] lies at row rowOf(i), columns colOf(j); four in a row are adjacent. */
__device__ inline int rowOf(int i) {
    return i / 4 * (BLOCK / 2) + threadIdx.x % WARP / 4 * 4 + i % 4;
}
__device__ inline int colOf(int j) {
    return j / 4 * (COLUMNS / 2) + threadIdx.x % 4 * 4 + j % 4;
}

/* sum += left right^T for DEPTH pairs of rows, left [DEPTH x 64] with PITCH, right [DEPTH x 32]. */
__device__ inline void multiplyAdd(float (&sum)[8][8], const float* left, const float* right) {
#pragma unroll
    for (int d = 0; d < DEPTH; d++) {
        Quad a[2] = {quadAt(left + d * PITCH + rowOf(0)), quadAt(left + d * PITCH + rowOf(4))};
        Quad b[2] = {quadAt(right + d * COLUMNS + colOf(0)), quadAt(right + d * COLUMNS + colOf(4))};
#pragma unroll
        for (int i = 0; i < 8; i++) {
#pragma unroll
            for (int j = 0; j < 8; j++) {
                sum[i][j] += a[i / 4].values[i % 4] * b[j / 4].values[j % 4];
            }
        }
    }
}

/* Rows `row` to row + 7 of basis columns `first` to first + 63. */
__device__ inline void fetchRows(Quad (&next)[FETCHES], const Basis& basis, int64_t row, int64_t first) {
    int lane = threadIdx.x % WARP;
    int64_t col = first + lane % 16 * 4;
#pragma unroll
    for (int i = 0; i < FETCHES; i++) {
        int64_t r = row + lane / 16 + 2 * i;
        next[i] = fetch(basis.values + r * basis.cols + col, r < basis.rows ? basis.cols - col : 0, basis.aligned);
    }
}

__device__ inline void storeRows(const Quad (&next)[FETCHES], float* stage) {
    int lane = threadIdx.x % WARP;
#pragma unroll
    for (int i = 0; i < FETCHES; i++) {
        quadAt(stage + (lane / 16 + 2 * i) * PITCH + lane % 16 * 4) = next[i];
    }
}

/* Rows `row` to row + 63 of basis columns `first` to first + 7. */
__device__ inline void fetchPanel(Quad (&next)[FETCHES], const Basis& basis, int64_t row, int64_t first) {
    int lane = threadIdx.x % WARP;
    int64_t col = first + lane % 2 * 4;
#pragma unroll
    for (int i = 0; i < FETCHES; i++) {
        int64_t r = row + lane / 2 + 16 * i;
        next[i] = fetch(basis.values + r * basis.cols + col, r < basis.rows ? basis.cols - col : 0, basis.aligned);
    }
}

__device__ inline void storePanelTransposed(const Quad (&next)[FETCHES], float* stage) {
    int lane = threadIdx.x % WARP;
#pragma unroll
    for (int i = 0; i < FETCHES; i++) {
#pragma unroll
        for (int j = 0; j < 4; j++) {
            stage[(lane % 2 * 4 + j) * PITCH + lane / 2 + 16 * i] = next[i].values[j];
        }
    }
}

}  // namespace klr::warp
