/*
 * The whole border between keeplora4j and its own CUDA kernels, plain C.
 *
 * What cuBLAS and cuSOLVER do in one call is called from Java; here is what they cannot do: fused or batched kernels.
 *
 * Rules. Every function works on a batch: an array, in host memory, of problems whose pointers point to device memory. It
 * enqueues its kernels on `stream` (a cudaStream_t) and returns without waiting; the array itself may be freed at once, the device memory
 * must stay until the stream has passed. Matrices are row-major and contiguous unless a leading dimension is given. The caller owns all
 * memory; nothing is allocated here. A batch of zero problems, or problems of zero size, do nothing. No function exits or throws.
 *
 * Every field of a problem is eight bytes wide, so that a batch can be written from Java as a table of int64 and double.
 */
#ifndef KLR_H
#define KLR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KLR_API __attribute__((visibility("default")))

/* Changes whenever a signature or a struct below changes; checked once, when the library is loaded. */
#define KLR_ABI 8

typedef enum klr_status {
    KLR_OK = 0,
    KLR_BAD_ARGUMENT = 1, /* a size or type that no kernel takes; nothing was enqueued */
    KLR_CUDA_ERROR = 2    /* the launch failed */
} klr_status;

/* Types of elements. */
enum { KLR_F32 = 0, KLR_F64 = 1, KLR_F16 = 2, KLR_BF16 = 3 };

KLR_API int klr_abi(void);

/* Whether kernels run on a GPU (1) or are emulated on the host for tests (0). */
KLR_API int klr_on_device(void);

/* What went wrong in this thread's last call that did not return KLR_OK; valid until its next call. */
KLR_API const char *klr_last_error(void);

typedef struct klr_array {
    const void *values;
    int64_t elements;
    int64_t type; /* any */
    double limit; /* finite, at most the largest number of the type */
} klr_array;

/* *first [1, device] <- index of the first array that holds NaN or a number of a magnitude beyond its limit, or count. */
KLR_API klr_status klr_first_beyond(const klr_array *arrays, int64_t count, int64_t *first, void *stream);

typedef struct klr_magnitude_problem {
    const void *values;
    int64_t elements;
    int64_t type;   /* KLR_F32 or KLR_F64 */
    double *result; /* [2, device]: Frobenius norm, largest magnitude; 0 for no elements; NaN where an element is */
} klr_magnitude_problem;

/* Doubles of scratch for each problem. */
#define KLR_MAGNITUDE_SCRATCH 256

/*
 * Norms in float64 that neither overflow nor vanish on the way; the same bits every time.
 *
 * scratch [count x KLR_MAGNITUDE_SCRATCH, device] is overwritten; its values do not matter.
 */
KLR_API klr_status klr_magnitudes(const klr_magnitude_problem *problems, int64_t count, double *scratch, void *stream);

/* What becomes of a square's two triangles. */
enum { KLR_MIRROR = 0, KLR_ADD_TRANSPOSE = 1 };

typedef struct klr_mirror_problem {
    double *square; /* [n x n] */
    int64_t n;
    int64_t form; /* KLR_MIRROR or KLR_ADD_TRANSPOSE */
} klr_mirror_problem;

/*
 * Mirror: the lower triangle <- the upper one, the diagonal stays. Add transpose: square <- square + square^T. Both are
 * symmetric to the bit.
 */
KLR_API klr_status klr_mirror(const klr_mirror_problem *problems, int64_t count, void *stream);

typedef struct klr_combine_problem {
    const void *source; /* [rows x cols], or [cols x rows] where transposed */
    int64_t source_type;
    int64_t source_stride; /* elements from row to row; may be negative */
    void *target;          /* [rows x cols]; is source itself, or does not overlap it */
    int64_t target_type;
    int64_t target_stride;
    int64_t rows;
    int64_t cols;
    int64_t transposed; /* 0 or 1 */
    double factor;      /* finite */
    double kept;        /* finite; where 0, target is not read */
} klr_combine_problem;

/*
 * target <- factor * source + kept * target, or with the source transposed; any of the four types on either side. In
 * float64 where one side is, else in float32; rounded to nearest where the target's type is narrower. Factor 1 and kept
 * 0 copy. A target that is its own source is not transposed and has the source's type and stride.
 */
KLR_API klr_status klr_combine(const klr_combine_problem *problems, int64_t count, void *stream);

typedef struct klr_signs_problem {
    void *values;
    int64_t elements;
    int64_t type; /* KLR_F32 or KLR_F64 */
    int64_t seed;
} klr_signs_problem;

/*
 * values[i] <- +1 or -1, the top bit of the splitmix64 output for state seed + (i / 64 + 1) * 0x9E3779B97F4A7C15, shifted left by i % 64:
 * one 64-bit output serves 64 signs, bit 63 first; a set bit is -1.
 */
KLR_API klr_status klr_random_signs(const klr_signs_problem *problems, int64_t count, void *stream);

/* Largest n of klr_cholesky_inverse: the packed triangle must fit the shared memory of one block. */
#define KLR_CHOLESKY_MAX 128

typedef struct klr_cholesky_problem {
    const double *gram; /* [n x n] symmetric; the upper triangle is read */
    double *inverse;    /* [n x n] upper triangular, written whole, zeros below the diagonal */
    int64_t n;
    double shift;     /* finite, at least 0: F is that of gram with its diagonal taken times 1 + shift */
    double weakest;   /* a diagonal entry of F below it is a failure */
    double deviation; /* an entry of |F - I| above it is a failure; infinity to let all pass */
    int64_t *failed;  /* device; set to 1 on failure, else left as it is */
} klr_cholesky_problem;

/*
 * inverse <- F^-1 with gram = F^T F, F upper triangular, in float64 (one CholeskyQR pass is columns * F^-1). On failure - gram not positive
 * definite or not finite, a weak diagonal, too large a deviation - inverse is the identity, so that what follows stays finite.
 */
KLR_API klr_status klr_cholesky_inverse(const klr_cholesky_problem *problems, int64_t count, void *stream);

typedef struct klr_rank_problem {
    const double *energies; /* [n] descending; negative ones (rounding) count as 0 */
    int64_t n;
    const double *totals; /* total energy = sum of totals[i * totals_stride], i < totals_count; negative ones count as 0 */
    int64_t totals_stride;
    int64_t totals_count;
    double share;   /* in [0, 1] */
    double *result; /* [3, device]: rank, share covered before, share covered after */
} klr_rank_problem;

/*
 * rank <- the smallest p with covered + sum_{i<p} energies[i] >= share * total, covered = max(0, total - sum of all energies); n where
 * none reaches it; 0, 1, 1 where total is 0. Sums run in order, as the plain loop does.
 */
KLR_API klr_status klr_energy_rank(const klr_rank_problem *problems, int64_t count, void *stream);

#ifdef __cplusplus
}
#endif
#endif
