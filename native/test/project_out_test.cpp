#include <limits>

#include "guarded.h"
#include "project_out.h"

namespace {

using reference::Vector;

struct Shape {
    int64_t in, k, out;
    int64_t shift = 0; /* elements off alignment, basis and target */
};

/* Orthonormal in double, then rounded to float32. */
std::vector<float> basisOf(int64_t in, int64_t k) {
    return cast<float>(reference::orthonormal(normals(in * k), in, k));
}

Vector project(const std::vector<float>& basis, const std::vector<float>& target, const Shape& s) {
    Guarded<float> b(basis, s.shift);
    Guarded<float> t(target, s.shift);
    klr_projection_problem problem{b.device(), t.device(), s.in, s.k, s.out};
    checkOk(klr_project_out(&problem, 1, nullptr));
    CHECK(b.read() == basis, "the basis was written");
    return cast<double>(t.read());
}

void checkNear(const Vector& found, const Vector& expected, double tolerance, const Shape& s) {
    for (size_t i = 0; i < found.size(); i++) {
        if (!(std::fabs(found[i] - expected[i]) <= tolerance)) {
            CHECK(false, "in %d, k %d, out %d: entry %d is %g, not %g within %g", static_cast<int>(s.in), static_cast<int>(s.k),
                  static_cast<int>(s.out), static_cast<int>(i), found[i], expected[i], tolerance);
            return;
        }
    }
}

void checkShape(const Shape& s) {
    std::vector<float> basis = basisOf(s.in, s.k);
    std::vector<float> target = cast<float>(normals(s.in * s.out));
    Vector b = cast<double>(basis);
    Vector t = cast<double>(target);
    checkNear(project(basis, target, s), reference::projectOut(b, t, s.in, s.k, s.out),
              reference::projectOutTolerance(b, t, s.in, s.k, s.out), s);
}

void shapesOfAllKinds() {
    for (Shape s : {Shape{1, 1, 1}, {7, 3, 5}, {8, 8, 32}, {9, 2, 33}, {64, 64, 32}, {65, 63, 31}, {100, 37, 1}, {101, 65, 67},
                    {128, 32, 64}, {130, 128, 36}, {600, 5, 40}, {13, 12, 300}, {32, 4, 8, 1}, {72, 68, 36, 3}}) {
        checkShape(s);
    }
}

void nothingToDo() {
    for (Shape s : {Shape{0, 0, 0}, {5, 0, 7}, {5, 3, 0}}) {
        std::vector<float> target = cast<float>(normals(s.in * s.out));
        CHECK(project(basisOf(s.in, s.k), target, s) == cast<double>(target), "changed");
    }
}

/* What is left has no part in the span, however much lay in it; projecting again changes nothing beyond rounding. */
void residualIsOrthogonal() {
    Shape s{90, 70, 40};
    std::vector<float> basis = basisOf(s.in, s.k);
    std::vector<float> target = cast<float>(normals(s.in * s.out));
    Vector b = cast<double>(basis);
    Vector once = project(basis, target, s);
    double tolerance = reference::projectOutTolerance(b, cast<double>(target), s.in, s.k, s.out);
    Vector inside = reference::multiply(reference::transpose(b, s.in, s.k), once, s.k, s.in, s.out);
    checkNear(inside, Vector(inside.size()), tolerance, s);
    checkNear(project(basis, cast<float>(once), s), once, tolerance, s);
}

/* A column that is not finite spoils itself alone. */
void nonFiniteColumnsStayAlone() {
    Shape s{40, 10, 35};
    std::vector<float> basis = basisOf(s.in, s.k);
    std::vector<float> clean = cast<float>(normals(s.in * s.out));
    std::vector<float> target = clean;
    target[3 * s.out + 2] = std::numeric_limits<float>::quiet_NaN();
    target[9 * s.out + 34] = std::numeric_limits<float>::infinity();
    Vector found = project(basis, target, s);
    Vector expected = project(basis, clean, s);
    for (int64_t i = 0; i < s.in * s.out; i++) {
        bool spoilt = i % s.out == 2 || i % s.out == 34;
        CHECK(spoilt ? !std::isfinite(found[i]) : found[i] == expected[i], "entry %lld is %g", static_cast<long long>(i), found[i]);
    }
}

void manyProblemsOfSeveralSizes() {
    constexpr int64_t COUNT = 120;
    Guarded<float> basis(basisOf(20, 6));
    std::vector<float> before = cast<float>(normals(COUNT * 60));
    Guarded<float> targets(before);
    std::vector<klr_projection_problem> problems;
    for (int64_t i = 0; i < COUNT; i++) {
        problems.push_back({basis.device(), targets.device() + 60 * i, 20, i % 5 == 4 ? 0 : 6, i % 3 + 1});
    }
    checkOk(klr_project_out(problems.data(), COUNT, nullptr));
    std::vector<float> after = targets.read();
    for (int64_t i = 0; i < COUNT; i++) {
        int64_t k = problems[i].k;
        int64_t out = problems[i].out;
        Vector b = k == 0 ? Vector() : cast<double>(basis.read());
        Vector t(before.begin() + 60 * i, before.begin() + 60 * i + 20 * out);
        checkNear(Vector(after.begin() + 60 * i, after.begin() + 60 * i + 20 * out), reference::projectOut(b, t, 20, k, out),
                  reference::projectOutTolerance(b, t, 20, k, out), {20, k, out});
    }
}

void badArguments() {
    Guarded<float> d({1});
    auto refused = [](klr_projection_problem problem, const char* text) { checkRefused(klr_project_out(&problem, 1, nullptr), text); };
    refused({d.device(), d.device(), -1, 1, 1}, "klr_project_out: problem 0: in is -1");
    refused({d.device(), d.device(), 1, -4, 1}, "k is -4");
    refused({d.device(), d.device(), 100000, 1, 1}, "in is 100000; a tile [in x 32]");
    refused({nullptr, d.device(), 1, 1, 1}, "basis");
    refused({d.device(), nullptr, 1, 1, 1}, "target");
}

}  // namespace

int main() {
    return runTests({{"shapes of all kinds", shapesOfAllKinds},
                     {"nothing to do", nothingToDo},
                     {"the residual is orthogonal", residualIsOrthogonal},
                     {"columns that are not finite stay alone", nonFiniteColumnsStayAlone},
                     {"many problems of several sizes", manyProblemsOfSeveralSizes},
                     {"bad arguments", badArguments}});
}
