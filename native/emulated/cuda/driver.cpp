/* The few functions of the CUDA driver that a probe calls. The runtime above does not use them. */
#include "core/call.h"
#include "core/control.h"

using namespace emulated;

namespace {

enum { SUCCESS = 0, INVALID_VALUE = 1, NOT_INITIALIZED = 3, NO_DEVICE = 100, UNKNOWN = 999 };

bool initialized = false;

struct Name {
    int status;
    const char* name;
    const char* text;
};

const Name NAMES[] = {
    {SUCCESS, "CUDA_SUCCESS", "no error"},
    {INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {NO_DEVICE, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {UNKNOWN, "CUDA_ERROR_UNKNOWN", "unknown error"},
};

template <class Body>
int driverCall(const char* function, Body body) {
    Call call(function);
    if (call.injected()) return UNKNOWN;
    try {
        return body(call);
    } catch (const Refused& refused) {
        return refused.status == 0 ? int(INVALID_VALUE) : refused.status;
    }
}

int describe(int status, const char** place, const char* Name::*field) {
    if (place == nullptr) return INVALID_VALUE;
    *place = nullptr;
    for (const Name& name : NAMES) {
        if (name.status == status) *place = name.*field;
    }
    return *place == nullptr ? INVALID_VALUE : SUCCESS;
}

}  // namespace

extern "C" {

int cuInit(unsigned flags) {
    return driverCall(__func__, [&](Call& call) {
        call.require(flags == 0, "flags are 0x%x but must be 0", flags);
        if (deviceCount() == 0) return NO_DEVICE;
        initialized = true;
        return SUCCESS;
    });
}

int cuDriverGetVersion(int* version) {
    return driverCall(__func__, [&](Call& call) {
        call.host("version", version);
        *version = driverVersion();
        return SUCCESS;
    });
}

int cuDeviceGetCount(int* count) {
    return driverCall(__func__, [&](Call& call) {
        call.host("count", count);
        call.requireOr(NOT_INITIALIZED, initialized, "cuInit was not called");
        *count = deviceCount();
        return SUCCESS;
    });
}

int cuGetErrorName(int status, const char** place) {
    return describe(status, place, &Name::name);
}

int cuGetErrorString(int status, const char** place) {
    return describe(status, place, &Name::text);
}

}
