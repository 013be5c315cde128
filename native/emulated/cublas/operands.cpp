/* The checks that cublas.h promises. */
#include "cublas/cublas.h"

#include <cstring>

#include "core/memory.h"

namespace emulated {
namespace {

constexpr size_t TOUCHED_WORKSPACE = size_t(1) << 20; /* enough to be noticed, without filling 32 MiB at every call */

struct Bytes {
    const char* start;
    int64_t rows; /* bytes of a column */
    int64_t cols;
    int64_t ld; /* bytes from column to column */
};

Bytes bytesOf(const Operand& operand) {
    auto element = int64_t(operand.element);
    return {static_cast<const char*>(operand.pointer), operand.rows * element, operand.cols, operand.ld * element};
}

int64_t span(const Bytes& b) {
    return b.rows == 0 || b.cols == 0 ? 0 : (b.cols - 1) * b.ld + b.rows;
}

/* Whether [from, to), relative to the start, meets a column. */
bool meetsColumn(const Bytes& b, int64_t from, int64_t to) {
    int64_t first = from < b.rows ? 0 : (from - b.rows) / b.ld + 1;
    return first < b.cols && first * b.ld < to;
}

bool overlap(const Bytes& a, const Bytes& b) {
    if (span(a) == 0 || span(b) == 0) return false;
    if (a.start + span(a) <= b.start || b.start + span(b) <= a.start) return false;
    for (int64_t col = 0; col < b.cols; col++) {
        int64_t from = b.start + col * b.ld - a.start;
        if (meetsColumn(a, from, from + b.rows)) return true;
    }
    return false;
}

}  // namespace

void checkMatrix(Call& call, const Operand& o) {
    call.require(o.rows >= 0 && o.cols >= 0, "%s [%lld x %lld] has a negative size", o.name, (long long)o.rows, (long long)o.cols);
    call.require(o.ld >= std::max<int64_t>(1, o.rows), "leading dimension of %s is %lld but it has %lld rows", o.name, (long long)o.ld,
                 (long long)o.rows);
    if (o.rows == 0 || o.cols == 0) return;
    call.device(o.name, o.pointer, size_t((o.cols - 1) * o.ld + o.rows) * o.element, o.element);
}

void checkDisjoint(Call& call, const Operand& written, const Operand& other) {
    call.require(!overlap(bytesOf(written), bytesOf(other)), "%s of problem %lld, which is written, overlaps %s of problem %lld", written.name,
                 (long long)written.index, other.name, (long long)other.index);
}

void checkVector(Call& call, const char* name, const void* pointer, int64_t n, int64_t increment, size_t element) {
    if (n <= 0) return;
    int64_t step = increment < 0 ? -increment : increment;
    call.device(name, pointer, size_t((n - 1) * step + 1) * element, element);
}

void checkOption(Call& call, const char* name, int value, int last) {
    call.require(value >= 0 && value <= last, "%s is %d, which is not defined here", name, value);
}

void checkScalar(Call& call, const BlasHandle& handle, const char* name, const void* pointer, size_t bytes) {
    if (handle.pointerMode == DEVICE_SCALARS) {
        call.device(name, pointer, bytes, bytes);
        return;
    }
    call.host(name, pointer);
}

void enterHandle(Call& call, const BlasHandle& handle) {
    call.stream(handle.stream, BLAS_INVALID_VALUE);
    if (handle.workspaceBytes == 0) return;
    call.device("workspace", handle.workspace, handle.workspaceBytes, 1);
    size_t touched = std::min(handle.workspaceBytes, TOUCHED_WORKSPACE);
    call.enqueue(handle.stream, [touched, workspace = handle.workspace](Call&) { memset(workspace, 0xFF, touched); });
}

}  // namespace emulated
