/* Runs one suite, and then asks that nothing is left alive. */
#include <cstring>

#include "tests/suite.h"

namespace test {

int failures = 0;

namespace {

struct Suite {
    const char* name;
    void (*run)();
};

const Suite SUITES[] = {{"products", products}, {"updates", updates},       {"decompositions", decompositions},
                        {"contract", contract}, {"streams", streams},       {"accounting", accounting},
                        {"protection", protection}};

void nothingLeft() {
    const emulated::ControlBlock& block = emulated::control();
    check(block.liveAllocations == 0 && block.liveBytes == 0, "no device memory is left");
    check(block.livePinned == 0 && block.livePinnedBytes == 0, "no page-locked memory is left");
    check(block.liveStreams == 0 && block.liveEvents == 0 && block.liveHandles == 0, "no handle is left");
}

}  // namespace
}  // namespace test

int main(int count, char** arguments) {
    const char* wanted = count == 2 ? arguments[1] : "";
    for (const test::Suite& suite : test::SUITES) {
        if (strcmp(suite.name, wanted) != 0) continue;
        /* A file of an earlier run holds its counters. */
        emulated::control() = emulated::ControlBlock{};
        suite.run();
        test::nothingLeft();
        printf("%s: %s\n", wanted, test::failures == 0 ? "passed" : "FAILED");
        return test::failures == 0 ? 0 : 1;
    }
    printf("unknown suite '%s'\n", wanted);
    return 2;
}
