/*
 * What every border function does alike: refuses bad arguments before anything is enqueued, cuts the batch into chunks that travel as a
 * kernel parameter, and reports a launch that failed.
 */
#pragma once

#include <algorithm>
#include <cstdint>

#include "chunk.h"
#include "elements.h"
#include "klr.h"

namespace klr {

/* Stores the text for klr_last_error and returns the status. */
klr_status fail(klr_status status, const char* format, ...) __attribute__((format(printf, 2, 3)));

/* KLR_CUDA_ERROR with the runtime's text where the last launch failed. */
klr_status launched(const char* operation);

/* The first thing wrong with one problem; later checks are skipped. */
class Check {
public:
    Check(const char* operation, int64_t problem) : operation_(operation), problem_(problem) {}

    Check& that(bool holds, const char* field, int64_t value, const char* requirement);
    Check& size(const char* field, int64_t value); /* in [0, 2^31) */
    Check& elements(const char* field, int64_t value); /* in [0, 2^48) */
    Check& floatType(const char* field, int64_t value);
    Check& anyType(const char* field, int64_t value);
    Check& limit(const char* field, double value); /* finite, at least 0 */
    Check& finite(const char* field, double value);
    Check& pointer(const char* field, const void* value, bool needed);

    klr_status status() const { return status_; }

private:
    Check& number(const char* field, double value, bool holds, const char* requirement);

    const char* operation_;
    int64_t problem_;
    klr_status status_ = KLR_OK;
};

klr_status checkBatch(const char* operation, const void* problems, int64_t count);

/* enqueue(chunk) for the problems from *first on, as many as it holds; *first <- the first of the others. */
template <class Batch, class Problem, class Enqueue>
klr_status enqueueNext(const Problem* problems, int64_t count, int64_t* first, Enqueue enqueue) {
    Batch chunk{};
    chunk.first = *first;
    chunk.count = std::min(Batch::CAPACITY, count - *first);
    std::copy_n(problems + chunk.first, chunk.count, chunk.problems);
    *first += chunk.count;
    return enqueue(chunk);
}

/* check(Check&, problem) for every problem, then enqueue(chunk) for every chunk, each until the first that is not KLR_OK. */
template <class Problem, class CheckOne, class Enqueue>
klr_status forBatch(const char* operation, const Problem* problems, int64_t count, CheckOne checkOne, Enqueue enqueue) {
    using Short = Chunk<Problem, FEW>;
    using Long = Chunk<Problem, MOST>;
    klr_status status = checkBatch(operation, problems, count);
    for (int64_t i = 0; i < count && status == KLR_OK; i++) {
        Check check(operation, i);
        checkOne(check, problems[i]);
        status = check.status();
    }
    for (int64_t first = 0; first < count && status == KLR_OK;) {
        status = count - first <= Short::CAPACITY ? enqueueNext<Short>(problems, count, &first, enqueue)
                                                  : enqueueNext<Long>(problems, count, &first, enqueue);
    }
    return status;
}

/* Largest value of size(problem) in the chunk. */
template <class Batch, class Size>
int64_t largest(const Batch& chunk, Size size) {
    int64_t result = 0;
    for (int64_t i = 0; i < chunk.count; i++) {
        result = std::max(result, static_cast<int64_t>(size(chunk.problems[i])));
    }
    return result;
}

__host__ __device__ inline int64_t divideUp(int64_t value, int64_t by) {
    return (value + by - 1) / by;
}

/* Column of blocks x problems; kernels stride over what exceeds `limit` blocks. */
inline dim3 gridOf(int64_t blocks, int64_t problems, int64_t limit) {
    return dim3(static_cast<unsigned>(std::max<int64_t>(1, std::min(blocks, limit))), static_cast<unsigned>(problems));
}

}  // namespace klr
