/*
 * klr_bench [shots]: every kernel at the shapes of ViT-B/16, 96 sites of 768 x 768. Each operation is first checked against its
 * plain reference on a small case, then timed; a Markdown table goes to stdout.
 */
#include "bench.h"
#include "cholesky_inverse.h"
#include "energy_rank.h"
#include "random_signs.h"

namespace {

using namespace bench;
using reference::Vector;

constexpr int64_t SITES = 96;
constexpr int64_t WIDTH = 768;
constexpr double ENTRIES = SITES * WIDTH * WIDTH;

int shots = 30;

void near(const Vector& found, const Vector& expected, double tolerance, const char* operation) {
    for (size_t i = 0; i < found.size(); i++) {
        require(std::fabs(found[i] - expected[i]) <= tolerance, operation, "differs from the reference on the small case");
    }
}

template <class Problem>
void timed(const Work& work, klr_status (*operation)(const Problem*, int64_t, void*), const std::vector<Problem>& batch) {
    row(work, time([&] { return operation(batch.data(), static_cast<int64_t>(batch.size()), nullptr); }, shots));
}

void firstBeyond() {
    Array<float> values(normals<float>(SITES * WIDTH * WIDTH));
    Array<int64_t> first({-1});
    std::vector<klr_array> batch;
    for (int64_t i = 0; i < SITES; i++) {
        batch.push_back({values.at(i * WIDTH * WIDTH), WIDTH * WIDTH, KLR_F32, std::numeric_limits<float>::max()});
    }
    auto run = [&] { return klr_first_beyond(batch.data(), SITES, first.at(), nullptr); };
    require(run(), "klr_first_beyond");
    require(first.read()[0] == SITES, "klr_first_beyond", "found what is not there");
    row({"first_beyond", "96 of 768 x 768 f32", ENTRIES, 4 * ENTRIES}, time(run, shots));
}

template <class T>
void magnitudes(int64_t type, const char* shape) {
    Array<T> values(normals<T>(SITES * WIDTH * WIDTH));
    Array<double> results(Vector(2 * SITES));
    Array<double> scratch(Vector(KLR_MAGNITUDE_SCRATCH * SITES));
    std::vector<klr_magnitude_problem> batch;
    for (int64_t i = 0; i < SITES; i++) {
        batch.push_back({values.at(i * WIDTH * WIDTH), WIDTH * WIDTH, type, results.at(2 * i)});
    }
    auto run = [&] { return klr_magnitudes(batch.data(), SITES, scratch.at(), nullptr); };
    require(run(), "klr_magnitudes");
    std::vector<T> all = values.read();
    double squares = 0;
    for (int64_t i = 0; i < WIDTH * WIDTH; i++) {
        squares += static_cast<double>(all[i]) * all[i];
    }
    double allowed = reference::tolerance(static_cast<double>(WIDTH * WIDTH), reference::UNIT_F64, std::sqrt(squares));
    near({results.read()[0]}, {std::sqrt(squares)}, allowed, "klr_magnitudes");
    row({"magnitudes", shape, 2 * ENTRIES, sizeof(T) * ENTRIES}, time(run, shots));
}

void mirror() {
    Array<double> values(normals<double>(SITES * WIDTH * WIDTH));
    std::vector<klr_mirror_problem> mirrors;
    std::vector<klr_mirror_problem> sums;
    for (int64_t i = 0; i < SITES; i++) {
        mirrors.push_back({values.at(i * WIDTH * WIDTH), WIDTH, KLR_MIRROR});
        sums.push_back({values.at(i * WIDTH * WIDTH), WIDTH, KLR_ADD_TRANSPOSE});
    }
    require(klr_mirror(mirrors.data(), SITES, nullptr), "klr_mirror");
    Vector mirrored = values.read();
    require(klr_mirror(sums.data(), SITES, nullptr), "klr_mirror");
    Vector doubled = values.read();
    for (int64_t i = 0; i < WIDTH * WIDTH; i++) {
        require(mirrored[i] == mirrored[i % WIDTH * WIDTH + i / WIDTH], "klr_mirror", "is not symmetric");
        require(doubled[i] == 2 * mirrored[i], "klr_mirror", "is not the sum with the transpose");
    }
    timed({"mirror", "96 of 768 x 768 f64", 0, 8 * ENTRIES}, klr_mirror, mirrors);
    timed({"mirror", "96 of 768 x 768 f64, adding the transpose", ENTRIES, 16 * ENTRIES}, klr_mirror, sums);
}

struct Combine {
    const char* shape;
    int64_t transposed;
    double factor;
    double kept;
};

/* The source is float32, the target float64 and full of ones. */
void combine(const Combine& c) {
    std::vector<float> before = normals<float>(SITES * WIDTH * WIDTH);
    Array<float> source(before);
    Array<double> target(Vector(before.size(), 1));
    std::vector<klr_combine_problem> batch;
    for (int64_t i = 0; i < SITES; i++) {
        int64_t at = i * WIDTH * WIDTH;
        batch.push_back({source.at(at), KLR_F32, WIDTH, target.at(at), KLR_F64, WIDTH,
                         WIDTH, WIDTH, c.transposed, c.factor, c.kept});
    }
    require(klr_combine(batch.data(), SITES, nullptr), "klr_combine");
    Vector after = target.read();
    for (int64_t i = 0; i < WIDTH * WIDTH; i++) {
        double sum = c.factor * before[c.transposed ? i % WIDTH * WIDTH + i / WIDTH : i] + c.kept;
        require(std::fabs(after[i] - sum) <= reference::UNIT_F64 * 8, "klr_combine", "is not the sum of the entries");
    }
    timed({"combine", c.shape, 2 * ENTRIES, (c.kept == 0 ? 12 : 20) * ENTRIES}, klr_combine, batch);
}

void randomSigns() {
    constexpr int64_t LENGTH = WIDTH * 64;
    Array<float> values(std::vector<float>(SITES * LENGTH));
    std::vector<klr_signs_problem> batch;
    for (int64_t i = 0; i < SITES; i++) {
        batch.push_back({values.at(i * LENGTH), LENGTH, KLR_F32, i});
    }
    require(klr_random_signs(batch.data(), SITES, nullptr), "klr_random_signs");
    std::vector<float> signs = values.read();
    for (int64_t i = 0; i < 1000; i++) {
        require(signs[LENGTH + i] == reference::randomSign(1, static_cast<uint64_t>(i)), "klr_random_signs", "differs from the reference");
    }
    timed({"random_signs", "96 of 768 x 64 f32", 0, 4.0 * SITES * LENGTH}, klr_random_signs, batch);
}

void choleskyInverse(int64_t n, const char* shape) {
    Vector x = normals<double>(2 * n * n);
    Vector gram = reference::multiply(reference::transpose(x, 2 * n, n), x, n, 2 * n, n);
    Array<double> g(gram);
    Array<double> inverses(Vector(static_cast<size_t>(SITES * n * n)));
    Array<int64_t> failed({0});
    std::vector<klr_cholesky_problem> batch;
    for (int64_t i = 0; i < SITES; i++) {
        batch.push_back({g.at(), inverses.at(i * n * n), n, 0, 0, INFINITY, failed.at()});
    }
    require(klr_cholesky_inverse(batch.data(), SITES, nullptr), "klr_cholesky_inverse");
    Vector all = inverses.read();
    Vector inverse(all.begin(), all.begin() + n * n);
    Vector product = reference::multiply(reference::transpose(inverse, n, n), reference::multiply(gram, inverse, n, n, n), n, n, n);
    Vector identity(product.size());
    for (int64_t i = 0; i < n; i++) {
        identity[i * n + i] = 1;
    }
    near(product, identity, reference::choleskyTolerance(inverse, gram, n, reference::UNIT_F64), "klr_cholesky_inverse");
    double cube = static_cast<double>(n * n * n);
    timed({"cholesky_inverse", shape, SITES * cube * 2 / 3, 16.0 * SITES * static_cast<double>(n * n)}, klr_cholesky_inverse, batch);
}

void energyRank() {
    Vector energies(WIDTH);
    for (int64_t i = 0; i < WIDTH; i++) {
        energies[i] = std::pow(0.99, static_cast<double>(i));
    }
    Array<double> e(energies);
    Array<double> results(Vector(3 * SITES));
    std::vector<klr_rank_problem> batch;
    for (int64_t i = 0; i < SITES; i++) {
        batch.push_back({e.at(), WIDTH, e.at(), 1, WIDTH, 0.99, results.at(3 * i)});
    }
    require(klr_energy_rank(batch.data(), SITES, nullptr), "klr_energy_rank");
    auto expected = reference::energyRank(energies.data(), WIDTH, energies.data(), 1, WIDTH, 0.99);
    near({results.read()[0]}, {expected[0]}, 0, "klr_energy_rank");
    timed({"energy_rank", "96 of 768", 3.0 * SITES * WIDTH, 24.0 * SITES * WIDTH}, klr_energy_rank, batch);
}

}  // namespace

int main(int count, char** arguments) {
    int devices = 0;
    if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) {
        std::puts("skipped: there is no GPU to measure on");
        return 77;
    }
    shots = count > 1 ? std::max(1, std::atoi(arguments[1])) : shots;
    cudaDeviceProp properties;
    require(cudaGetDeviceProperties(&properties, 0), "device");
    std::printf("%s, %d SMs, %.0f GB/s. Median of %d.\n\n", properties.name, properties.multiProcessorCount, bandwidth() / 1e9, shots);
    header();
    firstBeyond();
    magnitudes<float>(KLR_F32, "96 of 768 x 768 f32");
    magnitudes<double>(KLR_F64, "96 of 768 x 768 f64");
    mirror();
    combine({"96 of 768 x 768, f32 to f64", 0, 1, 0});
    combine({"96 of 768 x 768, f32 to f64, transposed", 1, 1, 0});
    combine({"96 of 768 x 768, f32 added to f64", 0, 1, 1});
    randomSigns();
    choleskyInverse(64, "96 of 64 x 64");
    choleskyInverse(128, "96 of 128 x 128");
    energyRank();
    return 0;
}
