/* Work runs when the host waits for it, in the order of streams and events; who does not wait sees what was before. */
#include <cstring>
#include <string>

#include "tests/suite.h"

namespace test {
namespace {

constexpr int TO_DEVICE = 1, TO_HOST = 2, WITHIN = 3;
constexpr unsigned NON_BLOCKING = 1;

struct Stream {
    void* handle = nullptr;
    explicit Stream(unsigned flags = NON_BLOCKING) { require(cudaStreamCreateWithFlags(&handle, flags), "stream"); }
    ~Stream() { require(cudaStreamDestroy(handle), "destroy"); }
    operator void*() const { return handle; }
};

struct Event {
    void* handle = nullptr;
    Event() { require(cudaEventCreate(&handle), "event"); }
    ~Event() { require(cudaEventDestroy(handle), "destroy"); }
    operator void*() const { return handle; }
};

/* One page-locked float, to see what the device has done without waiting for it. */
struct Window {
    float* value = nullptr;
    Window() {
        require(cudaMallocHost(reinterpret_cast<void**>(&value), sizeof(float)), "cudaMallocHost");
        *value = -1;
    }
    ~Window() { require(cudaFreeHost(value), "cudaFreeHost"); }
    void look(const float* place, void* stream) {
        require(cudaMemcpyAsync(value, place, sizeof(float), TO_HOST, stream), "look");
    }
};

void put(const float* from, float* to, void* stream) {
    require(cudaMemcpyAsync(to, from, sizeof(float), WITHIN, stream), "copy on the device");
}

/* What arrays of `Device` were given arrives: their uploads are the legacy stream's, which no other stream follows. */
void settle() {
    require(cudaDeviceSynchronize(), "cudaDeviceSynchronize");
}

int64_t waits() {
    return emulated::control().waits;
}

void workIsLate() {
    Stream stream;
    Device<float> a(std::vector<float>{5}), b(1);
    Window window;
    settle();
    int64_t before = waits();
    put(a, b, stream);
    window.look(b, stream);
    check(*window.value == -1 && waits() == before, "nothing has run yet");
    require(cudaStreamSynchronize(stream), "synchronize");
    check(*window.value == 5 && waits() == before + 1, "everything has run after the wait");
    require(cudaStreamSynchronize(stream), "synchronize");
    check(waits() == before + 1, "a wait for nothing does not count");
    require(cudaMemsetAsync(b, 0, sizeof(float), stream), "memset");
    float host = -1;
    require(cudaMemcpyAsync(&host, b, sizeof(float), TO_HOST, stream), "copy to pageable memory");
    check(host == 0 && waits() == before + 2, "a copy to pageable memory waits");
}

/* Pageable memory may be reused at once, page-locked memory not. */
void hostMemory() {
    Stream stream;
    Device<float> a(1), b(1);
    Window window, source;
    float pageable = 3;
    *source.value = 4;
    require(cudaMemcpyAsync(a, &pageable, sizeof(float), TO_DEVICE, stream), "upload");
    require(cudaMemcpyAsync(b, source.value, sizeof(float), TO_DEVICE, stream), "upload");
    pageable = 30;
    *source.value = 40;
    window.look(a, stream);
    require(cudaStreamSynchronize(stream), "synchronize");
    check(*window.value == 3, "pageable memory was staged");
    window.look(b, stream);
    require(cudaStreamSynchronize(stream), "synchronize");
    check(*window.value == 40, "page-locked memory was not");
}

void events() {
    Stream first, second;
    Event done;
    Device<float> a(std::vector<float>{5}), b(std::vector<float>{7});
    Window window;
    settle();
    put(a, b, first);
    window.look(b, second);
    require(cudaStreamSynchronize(second), "synchronize");
    check(*window.value == 7, "another stream that does not wait sees the old value");

    require(cudaEventRecord(done, first), "record");
    require(cudaStreamWaitEvent(second, done, 0), "wait");
    window.look(b, second);
    require(cudaStreamSynchronize(second), "synchronize");
    check(*window.value == 5, "one that waits for the event sees the new one");

    float milliseconds = 0;
    require(cudaMemsetAsync(b, 0, sizeof(float), first), "memset");
    window.look(b, first);
    require(cudaEventRecord(done, first), "record");
    check(cudaEventElapsedTime(&milliseconds, done, done) == 600, "an event that was not reached is not ready");
    require(cudaEventSynchronize(done), "event");
    check(*window.value == 0, "waiting for an event runs what comes before it");
    require(cudaEventElapsedTime(&milliseconds, done, done), "elapsed");
}

void legacyStream() {
    Stream blocking(0), other;
    Device<float> a(std::vector<float>{5}), b(std::vector<float>{7}), c(std::vector<float>{7});
    Window window;
    settle();
    put(a, b, blocking);
    put(a, c, other);
    window.look(b, nullptr);
    require(cudaStreamSynchronize(nullptr), "synchronize");
    check(*window.value == 5, "the legacy stream follows a blocking one");
    window.look(c, nullptr);
    require(cudaStreamSynchronize(nullptr), "synchronize");
    check(*window.value == 7, "but not a non-blocking one");
    require(cudaMemsetAsync(b, 0, sizeof(float), nullptr), "memset");
    window.look(b, blocking);
    require(cudaStreamSynchronize(blocking), "synchronize");
    check(*window.value == 0, "a blocking stream follows the legacy one");
    settle();
    check(c.download()[0] == 5, "waiting for the device waits for all streams");
}

/* The status of the wait, and the violation that it found. */
void foundLate(int status, const char* function, const char* text) {
    const emulated::ControlBlock& block = emulated::control();
    std::string what = std::string("a wait finds: ") + function + ": " + text + ", not " + block.violation;
    bool named = strcmp(block.function, function) == 0 && strstr(block.violation, text) != nullptr;
    check(status == 700 && named, what.c_str());
}

void freedMemory() {
    Stream first, second;
    Event allocated;
    Device<float> target(1);
    float *pooled = nullptr, five = 5;
    require(cudaMallocAsync(reinterpret_cast<void**>(&pooled), sizeof(float), first), "cudaMallocAsync");
    put(pooled, target, second);
    foundLate(cudaStreamSynchronize(second), "cudaMemcpyAsync", "no stream order has allocated yet");
    require(cudaEventRecord(allocated, first), "record");
    require(cudaStreamWaitEvent(second, allocated, 0), "wait");
    require(cudaMemcpyAsync(pooled, &five, sizeof(float), TO_DEVICE, second), "upload");
    put(pooled, target, second);
    require(cudaFreeAsync(pooled, second), "free");
    check(target.download()[0] != 5, "the legacy stream does not follow");
    require(cudaStreamSynchronize(second), "synchronize");
    check(target.download()[0] == 5, "work before the end of memory reads it");

    require(cudaMallocAsync(reinterpret_cast<void**>(&pooled), sizeof(float), first), "cudaMallocAsync");
    require(cudaStreamSynchronize(first), "synchronize");
    put(pooled, target, second);
    require(cudaFreeAsync(pooled, first), "free");
    require(cudaStreamSynchronize(first), "synchronize");
    foundLate(cudaStreamSynchronize(second), "cudaMemcpyAsync", "was freed");
    require(cudaStreamSynchronize(second), "an error of work is told once");
}

/* Results, info and pointers that lie in device memory are written and read when the work runs. */
void libraries() {
    Stream stream;
    Blas blas;
    Solver solver;
    require(cublasSetStream_v2(blas, stream), "set stream");
    require(cusolverDnSetStream(solver, stream), "set stream");
    Matrix<double> a = random<double>(2, 2);
    Device<double> da(a), c(std::vector<double>{1, 0, 0, -1}), work(100), other(1);
    Device<int> info(std::vector<int>{-7});
    double one = 1, zero = 0, norm = -1;
    Device<const double*> operands(1);
    Device<double*> targets(std::vector<double*>{c});
    auto enqueue = [&] {
        const double* const* from = operands;
        require(cublasDgemmBatched(blas, 0, 0, 2, 2, 2, &one, from, 2, from, 2, &zero, targets, 2, 1), "product");
    };
    enqueue();
    check(cudaStreamSynchronize(stream) == 700, "pointers that never came are found");
    operands.upload({da});
    settle();
    enqueue();
    one = 100;
    check(c.download()[0] == 1, "the product has not run");
    require(cublasDnrm2_v2(blas, 1, c, 1, &norm), "a norm for the host waits");
    check(std::fabs(std::fabs(times(a, a).at(0, 0)) - norm) < 1e-14, "the product took the scalars of its call");
    c.upload({1, 0, 0, -1});
    settle();
    require(cusolverDnDpotrf(solver, 0, 2, c, 2, work, 100, info), "factor");
    check(info.download()[0] == -7, "info is not written yet");
    require(cudaStreamSynchronize(stream), "synchronize");
    check(info.download()[0] == 2, "and then it is");
}

void kernels() {
    Stream stream;
    Device<float> a(std::vector<float>{2});
    Window window;
    settle();
    float* place = a;
    auto twice = [](void* state) {
        **static_cast<float**>(state) *= 2;
        return true;
    };
    int64_t launches = emulated::control().launches;
    check(keeploraEmulatedLaunch("twice", &launches, twice, &place) == 400, "what is no stream is refused");
    require(keeploraEmulatedLaunch("twice", stream, twice, &place), "launch");
    check(a.download()[0] == 2 && emulated::control().launches == launches + 1, "a kernel waits in its stream");
    window.look(a, stream);
    require(cudaStreamSynchronize(stream), "synchronize");
    check(*window.value == 4, "and runs there");
}

}  // namespace

void streams() {
    workIsLate();
    hostMemory();
    events();
    legacyStream();
    freedMemory();
    libraries();
    kernels();
}

}  // namespace test
