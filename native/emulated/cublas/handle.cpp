/* Handles of cuBLAS and their settings. */
#include "cublas/cublas.h"

#include "core/control.h"

using namespace emulated;

namespace {

constexpr int VERSION = 130201;
constexpr size_t WORKSPACE_ALIGNMENT = 256;

struct Name {
    int status;
    const char* name;
    const char* text;
};

const Name NAMES[] = {
    {BLAS_SUCCESS, "CUBLAS_STATUS_SUCCESS", "success"},
    {BLAS_NOT_INITIALIZED, "CUBLAS_STATUS_NOT_INITIALIZED", "the library was not initialized"},
    {BLAS_ALLOC_FAILED, "CUBLAS_STATUS_ALLOC_FAILED", "the resource allocation failed"},
    {BLAS_INVALID_VALUE, "CUBLAS_STATUS_INVALID_VALUE", "an unsupported value or parameter was passed to the function"},
    {BLAS_EXECUTION_FAILED, "CUBLAS_STATUS_EXECUTION_FAILED", "the function failed to launch on the GPU"},
    {BLAS_NOT_SUPPORTED, "CUBLAS_STATUS_NOT_SUPPORTED", "the functionality is not supported"},
};

const Name UNKNOWN = {-1, "CUBLAS_STATUS_UNKNOWN", "unknown status"};

const Name& find(int status) {
    for (const Name& name : NAMES) {
        if (name.status == status) return name;
    }
    return UNKNOWN;
}

}  // namespace

extern "C" {

int cublasCreate_v2(void** handle) {
    Call call(__func__);
    if (call.injected()) return BLAS_ALLOC_FAILED;
    try {
        call.deviceExists(BLAS_NOT_INITIALIZED);
        call.require(handle != nullptr, "the place for the handle is null");
        *handle = createHandle(HandleKind::CUBLAS);
        return BLAS_SUCCESS;
    } catch (const Refused& refused) {
        return refused.status == 0 ? int(BLAS_INVALID_VALUE) : refused.status;
    }
}

int cublasDestroy_v2(void* handle) {
    Call call(__func__, Call::RELEASE);
    waitForDevice(); /* as in the real library */
    if (destroyHandle(HandleKind::CUBLAS, handle)) return BLAS_SUCCESS;
    call.violation("the handle %p is %s", handle, describeHandle(handle));
    return BLAS_NOT_INITIALIZED;
}

int cublasGetVersion_v2(void* handle, int* version) {
    return handleCall(__func__, handle, [&](Call& call, BlasHandle&) {
        call.host("version", version);
        *version = VERSION;
    });
}

/* The workspace that the user set is forgotten, as in the real library. */
int cublasSetStream_v2(void* handle, void* stream) {
    return handleCall(__func__, handle, [&](Call& call, BlasHandle& state) {
        call.stream(stream, BLAS_INVALID_VALUE);
        state.stream = stream;
        state.workspace = nullptr;
        state.workspaceBytes = 0;
    });
}

int cublasGetStream_v2(void* handle, void** stream) {
    return handleCall(__func__, handle, [&](Call& call, BlasHandle& state) {
        call.require(stream != nullptr, "the place for the stream is null");
        *stream = state.stream;
    });
}

int cublasSetWorkspace_v2(void* handle, void* workspace, size_t bytes) {
    return handleCall(__func__, handle, [&](Call& call, BlasHandle& state) {
        call.device("workspace", workspace, bytes, WORKSPACE_ALIGNMENT);
        state.workspace = workspace;
        state.workspaceBytes = bytes;
    });
}

int cublasSetPointerMode_v2(void* handle, int mode) {
    return handleCall(__func__, handle, [&](Call& call, BlasHandle& state) {
        checkOption(call, "mode", mode, DEVICE_SCALARS);
        state.pointerMode = mode;
    });
}

int cublasSetMathMode(void* handle, int mode) {
    return handleCall(__func__, handle, [&](Call& call, BlasHandle& state) {
        if (mode != DEFAULT_MATH && mode != PEDANTIC_MATH && mode != TF32_MATH) call.unsupported(BLAS_NOT_SUPPORTED, "math mode %d", mode);
        state.mathMode = mode;
    });
}

int cublasGetMathMode(void* handle, int* mode) {
    return handleCall(__func__, handle, [&](Call& call, BlasHandle& state) {
        call.host("mode", mode);
        *mode = state.mathMode;
    });
}

const char* cublasGetStatusName(int status) {
    return find(status).name;
}

const char* cublasGetStatusString(int status) {
    return find(status).text;
}

}
