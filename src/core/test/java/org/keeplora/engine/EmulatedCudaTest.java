package org.keeplora.engine;

import static org.bytedeco.cuda.global.cudart.cudaStreamCreateWithFlags;
import static org.bytedeco.cuda.global.cudart.cudaStreamDestroy;
import static org.bytedeco.cuda.global.cudart.cudaStreamNonBlocking;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.Assembly;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.Factors;
import org.keeplora.engine.internal.GramUpdate;
import org.keeplora.engine.internal.LowRank;
import org.keeplora.engine.internal.LowRankFactors;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Projector;
import org.keeplora.engine.internal.Spectrum;
import org.keeplora.engine.internal.Svd;

/** Tests that need an emulated CUDA: the failure of any call is reported and leaves nothing open. */
@Tag("native")
final class EmulatedCudaTest {
    private static final int IN = 13;
    private static final int OUT = 7;
    private static final int K = 3;

    private EmulatedCuda emulated;

    @BeforeEach
    void requireEmulation() {
        emulated = EmulatedCuda.open();
        CudaDevice.open().close();
    }

    /** An operation on an orthonormal basis [IN x K] and a target [IN x OUT]. */
    private interface Operation extends BiConsumer<BatchLinalg, Matrix[]> {}

    static Stream<Arguments> operations() {
        return Stream.of(
                operation(
                        "projectOut",
                        (l, m) -> l.projectOut(List.of(
                                new Projection(m[1], Projector.outOf(m[0])),
                                new Projection(m[2], Projector.outOf(m[0]))))),
                operation("complement", (l, m) -> l.complement(List.of(m[0])).forEach(Matrix::close)),
                operation("accumulateGram", (l, m) -> l.accumulateGram(List.of(new GramUpdate(m[3], m[1])))),
                operation("addTransposes", (l, m) -> l.addTransposes(List.of(m[3]))),
                operation("assemble", (l, m) -> l.assemble(List.of(Assembly.of(ElementType.F64, m[0])))
                        .forEach(Matrix::close)),
                operation("products", (l, m) -> l.products(
                                List.of(new Factors(Operand.transposed(m[0]), Operand.of(m[1]))))
                        .forEach(Matrix::close)),
                operation("eigh", (l, m) -> l.eigh(List.of(m[3])).forEach(Eigen::close)),
                operation("svd", (l, m) -> l.svd(List.of(m[1])).forEach(Svd::close)),
                operation("lowRank", (l, m) -> l.lowRank(
                                List.of(new LowRank(Optional.of(Projector.outOf(m[0])), m[1], 2, 4, 2, 1)))
                        .forEach(LowRankFactors::close)),
                operation("orthonormalize", (l, m) -> l.orthonormalize(List.of(m[1]))),
                operation("orthonormalize dependent columns", (l, m) -> l.orthonormalize(List.of(m[2]))),
                operation("energyRanks", (l, m) -> {
                    try (Matrix energies = l.columns(m[3], 0, 1)) {
                        l.energyRanks(List.of(Spectrum.of(energies, 0.9)));
                    }
                }),
                operation("add", (l, m) -> l.add(List.of(new Addition(m[2], 2, m[1])))),
                operation("requireSymmetric", (l, m) -> l.requireSymmetric("a", List.of(m[3]))),
                operation("eigh of two sizes", (l, m) -> {
                    try (Matrix energy = l.zeros(1, 1, ElementType.F64)) {
                        l.eigh(List.of(m[3], energy, m[3])).forEach(Eigen::close);
                    }
                }),
                operation("norms", (l, m) -> l.norms(List.of(m[1]))),
                operation("copies", (l, m) -> {
                    try (Matrix wide = l.convert(m[1], ElementType.F64);
                            Matrix both = l.assemble(List.of(Assembly.of(ElementType.F64, wide, wide)))
                                    .get(0);
                            Matrix turned = l.transpose(both)) {
                        turned.toFloats();
                    }
                }));
    }

    private static Arguments operation(String name, Operation operation) {
        return arguments(Named.of(name, operation));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyCallMayFailAndLeavesNothingBehind(Operation operation) {
        try (BatchLinalg linalg = CudaDevice.open()) {
            Matrix[] operands = operands(linalg);
            long before = emulated.calls();
            operation.accept(linalg, operands);
            long calls = emulated.calls() - before;
            assertTrue(calls > 0);
            close(operands);
            String live = emulated.live();
            long open = Matrix.open();
            for (long call = 1; call <= calls; call++) {
                Matrix[] fresh = operands(linalg);
                emulated.failAfter(call);
                String message = assertThrows(CudaFailure.class, () -> operation.accept(linalg, fresh))
                        .getMessage();
                assertTrue(
                        message.startsWith(emulated.lastFunction().replace("_v2", "")),
                        message + " but " + emulated.lastFunction() + " failed");
                close(fresh);
                assertEquals(live, emulated.live(), "after call " + call + ", " + message);
                assertEquals(open, Matrix.open(), "after call " + call + ", " + message);
            }
            Matrix[] again = operands(linalg);
            operation.accept(linalg, again);
            close(again);
        }
    }

    /** As many additions as fit one launch cost what one costs; klr_combine takes 371 problems in one. */
    @Test
    void aBatchIsLaunchedAtOnce() {
        try (BatchLinalg linalg = CudaDevice.open()) {
            EmulatedCuda.Cost one = costOfAdditions(linalg, 1);
            assertEquals(one, costOfAdditions(linalg, 96));
            assertEquals(one, costOfAdditions(linalg, 371));
            assertEquals(one.launches() + 1, costOfAdditions(linalg, 372).launches());
        }
    }

    private EmulatedCuda.Cost costOfAdditions(BatchLinalg linalg, int count) {
        try (Matrix targets = linalg.zeros(count, 1, ElementType.F64);
                Matrix term = linalg.zeros(1, 1, ElementType.F64)) {
            List<Addition> batch = IntStream.range(0, count)
                    .mapToObj(i -> linalg.wrap(1, 1, targets.doubles().getPointer(i)))
                    .map(target -> new Addition(target, 1, term))
                    .toList();
            EmulatedCuda.Cost cost = emulated.costOf(() -> linalg.add(batch));
            batch.forEach(addition -> addition.target().close());
            return cost;
        }
    }

    @Test
    void squaresAreComparedWithTheirTransposesTogether() {
        try (BatchLinalg linalg = CudaDevice.open();
                Matrix one = linalg.zeros(OUT, OUT, ElementType.F64);
                Matrix other = linalg.zeros(K, K, ElementType.F64)) {
            assertEquals(
                    emulated.costOf(() -> linalg.requireSymmetric("a", List.of(one)))
                            .launches(),
                    emulated.costOf(() -> linalg.requireSymmetric("a", List.of(one, other)))
                            .launches());
        }
    }

    /** No matrix is decomposed by itself, and nothing waits for one. */
    @Test
    void ranksBelowTheSketchCostNoMoreThanFullRanks() {
        try (BatchLinalg linalg = CudaDevice.open()) {
            assertEquals(costOfLowRank(linalg, 80, 80, 80, 80), costOfLowRank(linalg, 1, 10, 33, 63));
        }
    }

    /** With and without a projector, of matrices [96 x 80] with these ranks. */
    private EmulatedCuda.Cost costOfLowRank(BatchLinalg linalg, int... ranks) {
        List<Matrix> matrices = new ArrayList<>();
        List<LowRank> batch = new ArrayList<>();
        try (Matrix basis = linalg.adopt(Reference.matrix(Reference.orthonormal(96, K, 1), K, ElementType.F32))) {
            for (int rank : ranks) {
                double[][] values =
                        Reference.multiply(Reference.gaussian(96, rank, 1, 2), Reference.gaussian(rank, 80, 1, 3), 80);
                Matrix matrix = linalg.adopt(Reference.matrix(values, 80, ElementType.F32));
                matrices.add(matrix);
                batch.add(LowRank.of(matrix, 16, 64, 4, 5));
                batch.add(new LowRank(Optional.of(Projector.outOf(basis)), matrix, 16, 64, 4, 6));
            }
            return emulated.costOf(() -> linalg.lowRank(batch).forEach(LowRankFactors::close));
        } finally {
            matrices.forEach(Matrix::close);
        }
    }

    @Test
    void openingMayFailAtEveryCall() {
        String live = emulated.live();
        long before = emulated.calls();
        CudaDevice.open().close();
        long calls = emulated.calls() - before;
        for (long call = 1; call <= calls; call++) {
            emulated.failAfter(call);
            String message = assertThrows(CudaFailure.class, () -> BatchLinalg.open(BackendChoice.CUDA, 1)
                            .close())
                    .getMessage();
            assertTrue(message.startsWith(emulated.lastFunction().replace("_v2", "")), message);
            assertEquals(live, emulated.live(), "after call " + call + ", " + message);
        }
    }

    @Test
    void anEmulationIsNeverChosenByItself() {
        try (BatchLinalg chosen = BatchLinalg.open(BackendChoice.AUTO, 1)) {
            assertEquals("cpu", chosen.backend());
        }
    }

    @Test
    void withoutADeviceTheReasonIsGiven() {
        emulated.devices(OptionalInt.of(0));
        try {
            CudaSurvey survey = CudaSurvey.survey();
            assertEquals(1, survey.obstacles().size());
            assertTrue(
                    survey.obstacles().get(0).contains("no CUDA-capable device is detected"),
                    survey.obstacles().get(0));
        } finally {
            emulated.devices(OptionalInt.empty());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 6, 8, 10})
    void aSurveyNamesTheCallThatFails(int call) {
        emulated.failAfter(call);
        CudaSurvey survey = CudaSurvey.survey();
        assertEquals(1, survey.obstacles().size());
        String function = emulated.lastFunction().replace("_v2", "");
        assertTrue(survey.obstacles().get(0).contains(": " + function + " failed: "), survey + " but " + function);
    }

    @AfterEach
    void nothingWasUsedInAWayThatTheRealLibrariesWouldNotBear() {
        if (emulated != null) { // null if the test was skipped
            assertEquals(0, emulated.violations(), emulated::lastViolation);
        }
    }

    @Test
    void theCallersStreamIsUsedAndLeftOpen() {
        CUstream_st stream = new CUstream_st();
        assertEquals(0, cudaStreamCreateWithFlags(stream, cudaStreamNonBlocking));
        String live = emulated.live();
        norm(stream.address());
        assertEquals(live, emulated.live());
        assertEquals(0, cudaStreamDestroy(stream));
        norm(0); // CUDA's default stream
    }

    /** Runs an operation on {@code stream}. */
    private static void norm(long stream) {
        try (BatchLinalg linalg = BatchLinalg.open(BackendChoice.CUDA, 1, stream);
                Matrix matrix = linalg.adopt(Matrix.copyOf(1, 2, new float[] {3, 4}))) {
            assertEquals(5, linalg.norms(List.of(matrix))[0], 1e-6);
        }
    }

    @Test
    void matricesOutliveTheBackend() {
        String live = emulated.live();
        Matrix matrix;
        try (BatchLinalg linalg = CudaDevice.open()) {
            matrix = linalg.zeros(2, 3, ElementType.F32);
        }
        long open = Matrix.open();
        assertEquals(
                "a matrix on the device was used after the Linalg that made it was closed",
                assertThrows(IllegalStateException.class, matrix::toFloats).getMessage());
        assertEquals(open, Matrix.open());
        matrix.close();
        assertEquals(live, emulated.live());
    }

    private static Matrix[] operands(BatchLinalg linalg) {
        double[][] dependent =
                Reference.multiply(Reference.gaussian(IN, 1, 1, 3), Reference.gaussian(1, OUT, 1, 4), OUT);
        double[][] square = Reference.gaussian(OUT, OUT, 1, 5);
        return new Matrix[] {
            linalg.adopt(Reference.matrix(Reference.orthonormal(IN, K, 1), K, ElementType.F32)),
            linalg.adopt(Reference.matrix(Reference.gaussian(IN, OUT, 1, 2), OUT, ElementType.F32)),
            linalg.adopt(Reference.matrix(dependent, OUT, ElementType.F32)),
            linalg.adopt(
                    Reference.matrix(Reference.add(square, 1, Reference.transpose(square, OUT)), OUT, ElementType.F64))
        };
    }

    private static void close(Matrix[] matrices) {
        for (Matrix matrix : matrices) {
            matrix.close();
        }
    }
}
