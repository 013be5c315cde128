#include "guarded.h"
#include "moment_residual.h"

namespace {

using reference::Vector;

/* X^T X for X [2in x in]. */
Vector momentOf(int64_t in) {
    Vector x = normals(2 * in * in);
    return reference::multiply(reference::transpose(x, 2 * in, in), x, in, 2 * in, in);
}

bool sameBits(const Vector& a, const Vector& b) {
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

Vector run(const Vector& basis, const Vector& moment, int64_t in, int64_t k) {
    Guarded<double> m(basis, 1);
    Guarded<double> c(moment, 1);
    Guarded<double> residual(Vector(static_cast<size_t>(in * in), NAN));
    Guarded<double> workspace(Vector(static_cast<size_t>(k * in), NAN));
    klr_residual_problem problem{m.device(), c.device(), residual.device(), workspace.device(), in, k};
    checkOk(klr_moment_residual(&problem, 1, nullptr));
    workspace.read();
    CHECK(m.read() == basis && sameBits(c.read(), moment), "an input was written");
    return residual.read();
}

void checkNear(const Vector& found, const Vector& basis, const Vector& moment, int64_t in, int64_t k) {
    Vector expected = reference::momentResidual(basis, moment, in, k);
    double tolerance = reference::momentResidualTolerance(basis, moment, in, k);
    for (int64_t i = 0; i < in * in; i++) {
        bool symmetric = found[i] == found[i % in * in + i / in];
        if (!(std::fabs(found[i] - expected[i]) <= tolerance) || !symmetric) {
            CHECK(false, "in %d, k %d: entry %d is %g, not %g within %g, symmetric %d", static_cast<int>(in), static_cast<int>(k),
                  static_cast<int>(i), found[i], expected[i], tolerance, symmetric);
            return;
        }
    }
}

void shapesOfAllKinds() {
    for (auto [in, k] : std::initializer_list<std::pair<int64_t, int64_t>>{
             {1, 1}, {2, 1}, {7, 3}, {16, 16}, {17, 15}, {63, 5}, {64, 64}, {65, 33}, {101, 67}, {130, 40}, {5, 0}, {70, 0}}) {
        Vector basis = reference::orthonormal(normals(in * k), in, k);
        Vector moment = momentOf(in);
        checkNear(run(basis, moment, in, k), basis, moment, in, k);
    }
}

void nothingToDo() {
    run({}, {}, 0, 0);
    klr_residual_problem nothing{nullptr, nullptr, nullptr, nullptr, 0, 0};
    checkOk(klr_moment_residual(&nothing, 1, nullptr));
}

/* M^T R = 0: the residual has no part in the span on either side. */
void residualIsOrthogonal() {
    int64_t in = 80;
    int64_t k = 30;
    Vector basis = reference::orthonormal(normals(in * k), in, k);
    Vector moment = momentOf(in);
    Vector inside = reference::multiply(reference::transpose(basis, in, k), run(basis, moment, in, k), k, in, in);
    double tolerance = reference::momentResidualTolerance(basis, moment, in, k) * std::sqrt(static_cast<double>(in));
    for (double value : inside) {
        CHECK(std::fabs(value) <= tolerance, "%g, tolerance %g", value, tolerance);
    }
}

void nonFiniteMomentsShow() {
    int64_t in = 20;
    Vector basis = reference::orthonormal(normals(in * 4), in, 4);
    Vector moment = momentOf(in);
    moment[0] = NAN;
    Vector found = run(basis, cast<double>(moment), in, 4);
    CHECK(std::isnan(found[0]), "%g", found[0]);
}

void manyProblemsOfSeveralSizes() {
    constexpr int64_t COUNT = 100;
    Vector basis = reference::orthonormal(normals(9 * 4), 9, 4);
    Vector moment = momentOf(9);
    Guarded<double> m(basis);
    Guarded<double> c(moment);
    Guarded<double> residuals(Vector(COUNT * 81, NAN));
    Guarded<double> workspaces(Vector(COUNT * 36, NAN));
    std::vector<klr_residual_problem> problems;
    for (int64_t i = 0; i < COUNT; i++) {
        problems.push_back({m.device(), c.device(), residuals.device() + 81 * i, workspaces.device() + 36 * i, 9, i % 4 == 3 ? 0 : 4});
    }
    checkOk(klr_moment_residual(problems.data(), COUNT, nullptr));
    Vector found = residuals.read();
    workspaces.read();
    for (int64_t i = 0; i < COUNT; i++) {
        Vector one(found.begin() + 81 * i, found.begin() + 81 * (i + 1));
        checkNear(one, problems[i].k == 0 ? Vector() : basis, moment, 9, problems[i].k);
    }
}

void badArguments() {
    Guarded<double> d({1});
    Guarded<double> r({1});
    auto refused = [](klr_residual_problem problem, const char* text) { checkRefused(klr_moment_residual(&problem, 1, nullptr), text); };
    refused({d.device(), d.device(), r.device(), d.device(), -1, 0}, "klr_moment_residual: problem 0: in is -1");
    refused({d.device(), d.device(), r.device(), d.device(), 1, 2}, "k is 2; must be at most in");
    refused({d.device(), d.device(), r.device(), nullptr, 1, 1}, "workspace");
    refused({d.device(), d.device(), d.device(), r.device(), 1, 1}, "must not overlap moment");
    refused({d.device(), nullptr, r.device(), d.device(), 1, 1}, "moment");
}

}  // namespace

int main() {
    return runTests({{"shapes of all kinds", shapesOfAllKinds},
                     {"nothing to do", nothingToDo},
                     {"the residual is orthogonal", residualIsOrthogonal},
                     {"moments that are not finite show", nonFiniteMomentsShow},
                     {"many problems of several sizes", manyProblemsOfSeveralSizes},
                     {"bad arguments", badArguments}});
}
