package org.keeplora.engine;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.Assembly;
import org.keeplora.engine.internal.Assembly.Columns;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.Factors;
import org.keeplora.engine.internal.GramUpdate;
import org.keeplora.engine.internal.LowRank;
import org.keeplora.engine.internal.LowRankFactors;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Projector;
import org.keeplora.engine.internal.Spectrum;
import org.keeplora.engine.internal.Svd;

/** Whatever fails in an operation of {@link BatchLinalg}: nothing stays open, and the operands can be read. */
abstract class FailureSafetyContract {
    private static final int IN = 13;
    private static final int OUT = 7;
    private static final int K = 3;

    abstract BatchLinalg open();

    /** Orthonormal bases [IN x K], targets [IN x OUT] and symmetric matrices [OUT x OUT], two of each. */
    private record Operands(
            Matrix basis, Matrix otherBasis, Matrix target, Matrix dependent, Matrix symmetric, Matrix otherSymmetric)
            implements AutoCloseable {
        static Operands create(BatchLinalg linalg) {
            double[][] dependent =
                    Reference.multiply(Reference.gaussian(IN, 1, 1, 3), Reference.gaussian(1, OUT, 1, 4), OUT);
            return new Operands(
                    linalg.adopt(Reference.matrix(Reference.orthonormal(IN, K, 1), K, ElementType.F32)),
                    linalg.adopt(Reference.matrix(Reference.orthonormal(IN, K, 2), K, ElementType.F32)),
                    linalg.adopt(Reference.matrix(Reference.gaussian(IN, OUT, 1, 2), OUT, ElementType.F32)),
                    linalg.adopt(Reference.matrix(dependent, OUT, ElementType.F32)),
                    linalg.adopt(symmetric(5)),
                    linalg.adopt(symmetric(6)));
        }

        private static Matrix symmetric(long seed) {
            double[][] half = Reference.gaussian(OUT, OUT, 1, seed);
            return Reference.matrix(Reference.add(half, 1, Reference.transpose(half, OUT)), OUT, ElementType.F64);
        }

        List<Matrix> all() {
            return List.of(basis, otherBasis, target, dependent, symmetric, otherSymmetric);
        }

        @Override
        public void close() {
            all().forEach(Matrix::close);
        }
    }

    private interface Operation extends BiConsumer<BatchLinalg, Operands> {}

    private static Arguments operation(String name, Operation operation) {
        return arguments(Named.of(name, operation));
    }

    static Stream<Arguments> changing() {
        return Stream.of(
                operation("zeros", (l, o) -> l.zeros(2, 3, ElementType.F32).close()),
                operation("multiply", (l, o) -> {
                    try (Matrix inner = l.zeros(K, OUT, ElementType.F32)) {
                        l.multiply(List.of(Product.of(inner, Operand.transposed(o.basis), Operand.of(o.target))));
                    }
                }),
                operation(
                        "projectOut",
                        (l, o) -> l.projectOut(List.of(
                                new Projection(o.target, Projector.outOf(o.basis)),
                                new Projection(o.dependent, Projector.outOf(o.otherBasis))))),
                operation(
                        "accumulateGram",
                        (l, o) -> l.accumulateGram(List.of(
                                new GramUpdate(o.symmetric, o.target), new GramUpdate(o.otherSymmetric, o.dependent)))),
                operation("mirror", (l, o) -> l.mirror(List.of(o.symmetric, o.otherSymmetric))),
                operation("addTransposes", (l, o) -> l.addTransposes(List.of(o.symmetric, o.otherSymmetric))),
                operation("orthonormalize", (l, o) -> l.orthonormalize(List.of(o.target, o.dependent))),
                operation("add", (l, o) -> l.add(List.of(new Addition(o.dependent, 2, o.target)))));
    }

    static Stream<Arguments> making() {
        return Stream.of(
                operation("assemble", (l, o) -> l.assemble(List.of(
                                Assembly.of(ElementType.F32, Columns.of(o.basis), Columns.of(o.basis)),
                                Assembly.of(ElementType.F64, o.target)))
                        .forEach(Matrix::close)),
                operation("products", (l, o) -> l.products(List.of(
                                new Factors(Operand.transposed(o.basis), Operand.of(o.target)),
                                new Factors(Operand.transposed(o.basis), Operand.of(o.basis))))
                        .forEach(Matrix::close)),
                operation("complement", (l, o) -> l.complement(List.of(o.basis, o.otherBasis))
                        .forEach(Matrix::close)),
                operation("eigh", (l, o) -> l.eigh(List.of(o.symmetric, o.otherSymmetric))
                        .forEach(Eigen::close)),
                operation("eigh of nothing", (l, o) -> {
                    try (Matrix nothing = l.zeros(0, 0, ElementType.F64)) {
                        l.eigh(List.of(nothing)).forEach(Eigen::close);
                    }
                }),
                operation("svd", (l, o) -> l.svd(List.of(o.target, o.dependent)).forEach(Svd::close)),
                operation("scaledRight", (l, o) -> {
                    try (Svd svd = l.svd(List.of(o.target)).get(0)) {
                        svd.scaledRight(2).close();
                    }
                }),
                operation("lowRank", (l, o) -> l.lowRank(List.of(
                                new LowRank(Optional.of(Projector.outOf(o.basis)), o.target, 2, 4, 2, 1),
                                LowRank.of(o.dependent, 2, 4, 2, 1)))
                        .forEach(LowRankFactors::close)),
                operation("lowRank of what lies inside the span", (l, o) -> {
                    try (Matrix inside = l.copyOf(o.basis)) {
                        Optional<Projector> outside = Optional.of(Projector.outOf(o.basis));
                        l.lowRank(List.of(new LowRank(outside, inside, 2, 3, 2, 1)))
                                .forEach(LowRankFactors::close);
                    }
                }),
                operation("energyRanks", (l, o) -> {
                    try (Matrix energies = l.columns(o.symmetric, 0, 1)) {
                        l.energyRanks(List.of(Spectrum.of(energies, 0.9)));
                    }
                }),
                operation("norms", (l, o) -> l.norms(List.of(o.target, o.symmetric))),
                operation("largestMagnitudes", (l, o) -> l.largestMagnitudes(List.of(o.target, o.symmetric))),
                operation("requireSymmetric", (l, o) -> l.requireSymmetric("a", List.of(o.symmetric))),
                operation("copies", (l, o) -> {
                    try (Matrix wide = l.convert(o.target, ElementType.F64);
                            Matrix both = l.assemble(List.of(Assembly.of(ElementType.F64, wide, wide)))
                                    .get(0);
                            Matrix turned = l.transpose(both);
                            Matrix copy = l.copyOf(turned);
                            Matrix host = copy.toHost()) {
                        host.toFloats();
                    }
                }));
    }

    @ParameterizedTest
    @MethodSource({"changing", "making"})
    void nothingStaysOpenAndOperandsCanBeRead(Operation operation) {
        try (BatchLinalg linalg = open();
                Operands operands = Operands.create(linalg)) {
            InjectedFailures.everywhere(linalg, operands.all(), failing -> operation.accept(failing, operands));
        }
    }
}
