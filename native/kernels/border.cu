/* The border's parts that belong to no single operation. */
#include "border.h"

#include <cmath>
#include <cstdarg>
#include <cstdio>

namespace klr {
namespace {
thread_local char lastErrorText[512] = "";
}

klr_status fail(klr_status status, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(lastErrorText, sizeof lastErrorText, format, arguments);
    va_end(arguments);
    return status;
}

klr_status launched(const char* operation) {
    cudaError_t error = cudaGetLastError();
    return error == cudaSuccess ? KLR_OK : fail(KLR_CUDA_ERROR, "%s: %s", operation, cudaGetErrorString(error));
}

Check& Check::that(bool holds, const char* field, int64_t value, const char* requirement) {
    if (status_ == KLR_OK && !holds) {
        status_ = fail(KLR_BAD_ARGUMENT, "%s: problem %lld: %s is %lld; %s", operation_, static_cast<long long>(problem_), field,
                       static_cast<long long>(value), requirement);
    }
    return *this;
}

Check& Check::size(const char* field, int64_t value) {
    return that(value >= 0 && value <= INT32_MAX, field, value, "must be in [0, 2^31)");
}

Check& Check::elements(const char* field, int64_t value) {
    return that(value >= 0 && value < (int64_t{1} << 48), field, value, "must be in [0, 2^48)");
}

Check& Check::floatType(const char* field, int64_t value) {
    return that(value == KLR_F32 || value == KLR_F64, field, value, "must be KLR_F32 (0) or KLR_F64 (1)");
}

Check& Check::anyType(const char* field, int64_t value) {
    return that(value >= KLR_F32 && value <= KLR_BF16, field, value, "must be KLR_F32, KLR_F64, KLR_F16 or KLR_BF16 (0 to 3)");
}

Check& Check::number(const char* field, double value, bool holds, const char* requirement) {
    if (status_ == KLR_OK && !holds) {
        status_ = fail(KLR_BAD_ARGUMENT, "%s: problem %lld: %s is %g; %s", operation_, static_cast<long long>(problem_),
                       field, value, requirement);
    }
    return *this;
}

Check& Check::limit(const char* field, double value) {
    return number(field, value, value >= 0 && std::isfinite(value), "must be finite and at least 0");
}

Check& Check::finite(const char* field, double value) {
    return number(field, value, std::isfinite(value), "must be finite");
}

Check& Check::pointer(const char* field, const void* value, bool needed) {
    return that(value != nullptr || !needed, field, 0, "must point to device memory where the problem has elements");
}

klr_status checkBatch(const char* operation, const void* problems, int64_t count) {
    if (count < 0) {
        return fail(KLR_BAD_ARGUMENT, "%s: count is %lld; must be at least 0", operation, static_cast<long long>(count));
    }
    if (count > 0 && problems == nullptr) {
        return fail(KLR_BAD_ARGUMENT, "%s: no problems given, but count is %lld", operation, static_cast<long long>(count));
    }
    return KLR_OK;
}

}  // namespace klr

int klr_abi(void) {
    return KLR_ABI;
}

int klr_on_device(void) {
    return klr::ON_DEVICE;
}

const char* klr_last_error(void) {
    return klr::lastErrorText;
}
