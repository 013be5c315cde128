package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.Assembly;
import org.keeplora.engine.internal.Assembly.Columns;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Factors;
import org.keeplora.engine.internal.GramUpdate;
import org.keeplora.engine.internal.LowRank;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Projector;
import org.keeplora.engine.internal.Spectrum;
import org.keeplora.engine.internal.Svd;

/** The arguments that every backend must refuse, in one line that names them, before it writes anything. */
abstract class ArgumentContract extends MagnitudeContract {
    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void refusesWhatIsNotFiniteAndNamesIt(float bad) {
        try (Matrix broken = linalg.adopt(Matrix.copyOf(2, 2, new float[] {1, 2, bad, 4}));
                Matrix fine = linalg.adopt(Matrix.copyOf(2, 2, new float[] {1, 0, 0, 1}));
                Matrix target = linalg.zeros(2, 2, ElementType.F32);
                Matrix gram = linalg.zeros(2, 2, ElementType.F64);
                Matrix infinite = linalg.adopt(Matrix.copyOf(1, 1, new double[] {bad}))) {
            assertNamed(
                    "multiply: right",
                    () -> linalg.multiply(List.of(Product.of(target, Operand.of(fine), Operand.of(broken)))));
            assertNamed(
                    "projectOut: basis",
                    () -> linalg.projectOut(List.of(new Projection(fine, Projector.outOf(broken)))));
            assertNamed(
                    "projectOut: target",
                    () -> linalg.projectOut(List.of(new Projection(broken, Projector.outOf(fine)))));
            assertNamed("accumulateGram: samples", () -> linalg.accumulateGram(List.of(new GramUpdate(gram, broken))));
            assertNamed("complement: matrix", () -> linalg.complement(List.of(broken)));
            assertNamed("addTransposes: matrix", () -> linalg.addTransposes(List.of(infinite)));
            assertNamed("eigh: matrix", () -> linalg.eigh(List.of(broken)));
            assertNamed("svd: matrix", () -> linalg.svd(List.of(broken)));
            assertNamed("lowRank: matrix", () -> linalg.lowRank(List.of(LowRank.of(broken, 1, 2, 1, 0))));
            assertNamed("orthonormalize: matrix", () -> linalg.orthonormalize(List.of(broken)));
        }
    }

    @Test
    void shapeErrorsNameBothShapes() {
        try (Matrix tall = linalg.zeros(5, 2, ElementType.F32);
                Matrix wide = linalg.zeros(3, 4, ElementType.F32);
                Matrix exact = linalg.zeros(5, 2, ElementType.F64)) {
            assertShapes(
                    () -> linalg.projectOut(List.of(new Projection(wide, Projector.outOf(tall)))),
                    "[5 x 2] F32",
                    "[3 x 4] F32");
            assertShapes(() -> linalg.projectOut(List.of(new Projection(exact, Projector.outOf(tall)))), "F32", "F64");
            assertShapes(
                    () -> linalg.multiply(List.of(Product.of(tall, Operand.of(tall), Operand.transposed(wide)))),
                    "[5 x 2] F32",
                    "[3 x 4] F32ᵀ");
            assertShapes(
                    () -> linalg.accumulateGram(List.of(new GramUpdate(wide, tall))), "[5 x 2] F32", "[3 x 4] F32");
            assertShapes(() -> linalg.mirror(List.of(exact)), "[5 x 2] F64");
            assertShapes(
                    () -> linalg.products(List.of(new Factors(Operand.of(tall), Operand.of(tall)))), "[5 x 2] F32");
            assertShapes(
                    () -> linalg.assemble(List.of(Assembly.of(ElementType.F32, Columns.of(tall), Columns.of(wide)))),
                    "[3 x 4] F32",
                    "5 rows");
            assertShapes(
                    () -> linalg.assemble(List.of(Assembly.of(ElementType.F32, new Columns(wide, 2, 3)))),
                    "assemble: columns 2 to 5 of [3 x 4] F32");
            assertShapes(() -> linalg.addTransposes(List.of(exact)), "[5 x 2] F64");
            assertShapes(() -> linalg.addTransposes(List.of(tall)), "[5 x 2] F32", "float64");
            assertShapes(() -> linalg.eigh(List.of(wide)), "[3 x 4] F32");
            assertShapes(() -> linalg.orthonormalize(List.of(wide)), "[3 x 4] F32");
            assertShapes(() -> linalg.lowRank(List.of(LowRank.of(tall, 3, 4, 1, 0))), "rank 3", "[5 x 2] F32");
            LowRank misfit = new LowRank(Optional.of(Projector.outOf(wide)), tall, 1, 2, 1, 0);
            assertShapes(() -> linalg.lowRank(List.of(misfit)), "[3 x 4] F32", "[5 x 2] F32");
        }
    }

    private static void assertNamed(String operand, Runnable operation) {
        String message = assertThrows(NonFiniteInput.class, operation::run).getMessage();
        assertTrue(message.startsWith(operand), message);
    }

    private static void assertShapes(Runnable operation, String... parts) {
        String message = assertThrows(ShapeMismatch.class, operation::run).getMessage();
        Arrays.stream(parts).forEach(part -> assertTrue(message.contains(part), message));
    }

    private static final String SHARED =
            " share memory; an operand that is written must share none with another operand of the batch";

    /** A float32 matrix [2 x 2] of other numbers for every seed. */
    private Matrix square(int seed) {
        return matrix(Reference.gaussian(2, 2, 1, seed), 2, ElementType.F32);
    }

    private static String operand(String name, int problem) {
        return name + " [2 x 2] F32 of problem " + problem;
    }

    /** Requires that {@code operation} is refused with {@code message} and writes nothing. */
    private static void assertRefused(String message, Matrix untouched, Runnable operation) {
        float[] before = untouched.toFloats();
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, operation::run).getMessage());
        assertArrayEquals(before, untouched.toFloats());
    }

    @Test
    void aWrittenOperandIsNoOtherOperand() {
        try (Matrix a = square(1);
                Matrix b = square(2);
                Matrix c = square(3)) {
            Operand left = Operand.of(a);
            Operand right = Operand.of(b);
            assertRefused(
                    "multiply: " + operand("left", 0) + " and " + operand("target", 0) + SHARED,
                    a,
                    () -> linalg.multiply(List.of(Product.of(a, left, right))));
            assertRefused(
                    "multiply: " + operand("right", 0) + " and " + operand("target", 0) + SHARED,
                    b,
                    () -> linalg.multiply(List.of(Product.of(b, left, right))));
            assertRefused(
                    "multiply: " + operand("target", 0) + " and " + operand("target", 1) + SHARED,
                    c,
                    () -> linalg.multiply(List.of(Product.of(c, left, right), Product.of(c, right, left))));
            assertRefused(
                    "multiply: " + operand("target", 0) + " and " + operand("right", 1) + SHARED,
                    b,
                    () -> linalg.multiply(List.of(
                            Product.of(b, left, Operand.transposed(a)), Product.of(c, Operand.of(a), Operand.of(b)))));
            assertRefused(
                    "projectOut: " + operand("basis", 0) + " and " + operand("target", 0) + SHARED,
                    a,
                    () -> linalg.projectOut(List.of(new Projection(a, Projector.outOf(a)))));
            assertRefused(
                    "projectOut: " + operand("target", 0) + " and " + operand("target", 1) + SHARED,
                    b,
                    () -> linalg.projectOut(
                            List.of(new Projection(b, Projector.outOf(a)), new Projection(b, Projector.outOf(c)))));
            assertRefused(
                    "add: " + operand("term", 0) + " and " + operand("target", 0) + SHARED,
                    a,
                    () -> linalg.add(List.of(new Addition(a, 1, a))));
            assertRefused(
                    "add: " + operand("target", 0) + " and " + operand("target", 1) + SHARED,
                    b,
                    () -> linalg.add(List.of(new Addition(b, 1, a), new Addition(b, 1, c))));
            assertRefused(
                    "orthonormalize: " + operand("matrix", 0) + " and " + operand("matrix", 2) + SHARED,
                    a,
                    () -> linalg.orthonormalize(List.of(a, b, a)));
        }
    }

    @Test
    void aGramIsUpdatedOnceInABatch() {
        try (Matrix samples = square(1);
                Matrix gram = linalg.zeros(2, 2, ElementType.F64);
                Matrix wide = linalg.zeros(2, 2, ElementType.F64)) {
            GramUpdate update = new GramUpdate(gram, samples);
            assertRefused(
                    "accumulateGram: gram [2 x 2] F64 of problem 0 and gram [2 x 2] F64 of problem 1" + SHARED,
                    gram,
                    () -> linalg.accumulateGram(List.of(update, update)));
            assertRefused(
                    "accumulateGram: samples [2 x 2] F64 of problem 0 and gram [2 x 2] F64 of problem 0" + SHARED,
                    wide,
                    () -> linalg.accumulateGram(List.of(new GramUpdate(wide, wide))));
            assertRefused(
                    "mirror: matrix [2 x 2] F64 of problem 0 and matrix [2 x 2] F64 of problem 1" + SHARED,
                    gram,
                    () -> linalg.mirror(List.of(gram, gram)));
            assertRefused(
                    "addTransposes: matrix [2 x 2] F64 of problem 0 and matrix [2 x 2] F64 of problem 1" + SHARED,
                    gram,
                    () -> linalg.addTransposes(List.of(gram, gram)));
        }
    }

    /** Rows 1 and 2 of three rows overlap rows 0 and 1; rows 0 and 2 do not. */
    @Test
    void memoryCountsNotTheObject() {
        try (Matrix whole = matrix(Reference.gaussian(3, 2, 1, 4), 2, ElementType.F32);
                Matrix upper = linalg.wrap(2, 2, whole.floats());
                Matrix lower = linalg.wrap(2, 2, whole.floats().getPointer(2));
                Matrix first = linalg.wrap(1, 2, whole.floats());
                Matrix last = linalg.wrap(1, 2, whole.floats().getPointer(4));
                Matrix nothing = linalg.wrap(0, 2, whole.floats().getPointer(2))) {
            assertRefused(
                    "add: " + operand("term", 0) + " and " + operand("target", 0) + SHARED,
                    whole,
                    () -> linalg.add(List.of(new Addition(upper, 1, lower))));
            assertRefused(
                    "orthonormalize: " + operand("matrix", 0) + " and " + operand("matrix", 1) + SHARED,
                    whole,
                    () -> linalg.orthonormalize(List.of(upper, lower)));
            float[] values = whole.toFloats();
            linalg.add(List.of(new Addition(last, 1, first), new Addition(nothing, 1, nothing)));
            assertEquals(values[0] + values[4], whole.toFloats()[4]);
            linalg.svd(List.of(whole, whole, lower)).forEach(Svd::close); // what is only read may be read twice
        }
    }

    @Test
    void nullIsNamed() {
        try (Matrix a = square(1)) {
            assertNull("multiply: the batch is null", () -> linalg.multiply(null));
            assertNull("norms: problem 1 is null", () -> linalg.norms(Arrays.asList(a, null)));
            assertNull("add: problem 0 is null", () -> linalg.add(Arrays.asList((Addition) null)));
            assertNull("Addition: target is null", () -> new Addition(null, 1, a));
            assertNull("Operand: matrix is null", () -> Operand.of(null));
            assertNull("Product: right is null", () -> Product.of(a, Operand.of(a), null));
            assertNull("Projector: basis is null", () -> new Projection(a, Projector.outOf(null)));
            assertNull("Projection: target is null", () -> new Projection(null, Projector.outOf(a)));
            assertNull("GramUpdate: samples are null", () -> new GramUpdate(a, null));
            assertNull("LowRank: matrix is null", () -> LowRank.of(null, 1, 1, 1, 1));
            assertNull("LowRank: projector is null; it may be empty", () -> new LowRank(null, a, 1, 1, 1, 1));
            assertNull("Spectrum: energies are null", () -> Spectrum.of(null, 1));
            assertNull("transpose: matrix is null", () -> linalg.transpose(null));
            assertNull("Assembly: a matrix is null", () -> new Columns(null, 0, 0));
            assertNull("convert: type is null", () -> linalg.convert(a, null));
            assertNull("zeros: type is null", () -> linalg.zeros(1, 1, null));
            assertNull("copyOf: matrix is null", () -> linalg.copyOf(null));
            assertNull("adopt: matrix is null", () -> linalg.adopt(null));
            assertNull("wrap: the memory is null", () -> linalg.wrap(1, 1, (org.bytedeco.javacpp.FloatPointer) null));
            assertNull("Matrix.copyOf: row 1 is null", () -> Matrix.copyOf(new float[][] {{1}, null}));
            assertNull("Matrix.copyOf: values are null", () -> Matrix.copyOf(1, 1, (float[]) null));
        }
    }

    private static void assertNull(String message, Runnable operation) {
        assertEquals(
                message,
                assertThrows(NullPointerException.class, operation::run).getMessage());
    }

    @Test
    void numbersThatAreNoFactorsAreRefused() {
        try (Matrix a = square(1);
                Matrix b = square(2);
                Matrix c = square(3)) {
            assertRefused(
                    "add: factor is NaN; it must be finite",
                    b,
                    () -> linalg.add(List.of(new Addition(b, Double.NaN, a))));
            assertRefused(
                    "multiply: alpha is 1.0 and beta is Infinity; both must be finite",
                    c,
                    () -> linalg.multiply(
                            List.of(new Product(c, 1, Operand.of(a), Operand.of(b), Double.POSITIVE_INFINITY))));
        }
    }

    /** Every public method, also one that is added later. */
    @Test
    void afterCloseEveryMethodSaysSo() throws ReflectiveOperationException {
        BatchLinalg closed = open();
        closed.close();
        closed.close();
        int methods = 0;
        for (Method method : BatchLinalg.class.getMethods()) {
            int modifiers = method.getModifiers();
            if (Modifier.isPublic(modifiers)
                    && !Modifier.isStatic(modifiers)
                    && !method.getName().equals("close")) {
                Object[] arguments = Arrays.stream(method.getParameterTypes())
                        .map(type -> Array.get(Array.newInstance(type, 1), 0)) // 0 or null
                        .toArray();
                InvocationTargetException failure =
                        assertThrows(InvocationTargetException.class, () -> method.invoke(closed, arguments));
                assertEquals(IllegalStateException.class, failure.getCause().getClass(), failure.getCause()::toString);
                assertEquals(
                        "Linalg." + method.getName() + ": was called after close",
                        failure.getCause().getMessage());
                methods++;
            }
        }
        assertTrue(methods > 20, methods + " methods");
    }

    @Test
    void aClosedMatrixIsNamed() {
        try (Matrix a = square(1);
                Matrix target = square(2);
                Matrix gram = linalg.zeros(2, 2, ElementType.F64)) {
            Matrix closed = square(3);
            closed.close();
            Matrix wide = linalg.zeros(2, 2, ElementType.F64);
            wide.close();
            long before = Matrix.open();
            assertClosed("add: term", () -> linalg.add(List.of(new Addition(target, 1, closed))));
            assertClosed("add: target", () -> linalg.add(List.of(new Addition(closed, 1, a))));
            assertClosed(
                    "multiply: left",
                    () -> linalg.multiply(List.of(Product.of(target, Operand.of(closed), Operand.of(a)))));
            assertClosed("accumulateGram: samples", () -> linalg.accumulateGram(List.of(new GramUpdate(gram, closed))));
            assertClosed("accumulateGram: gram", () -> linalg.accumulateGram(List.of(new GramUpdate(wide, a))));
            assertClosed(
                    "products: right", () -> linalg.products(List.of(new Factors(Operand.of(a), Operand.of(closed)))));
            assertClosed("assemble: part", () -> linalg.assemble(List.of(Assembly.of(ElementType.F32, closed))));
            assertClosed("mirror: matrix", () -> linalg.mirror(List.of(gram, wide)));
            assertClosed("addTransposes: matrix", () -> linalg.addTransposes(List.of(gram, wide)));
            assertClosed("columns: matrix", () -> linalg.columns(closed, 0, 0));
            assertClosed("transpose: matrix", () -> linalg.transpose(closed));
            assertClosed("convert: matrix", () -> linalg.convert(closed, ElementType.F64));
            assertClosed("copyOf: matrix", () -> linalg.copyOf(closed));
            assertClosed("adopt: matrix", () -> linalg.adopt(closed));
            assertClosed("toHost: matrix", closed::toHost);
            assertClosed("toFloats: matrix", wide::toFloats);
            assertClosed("toDoubles: matrix", closed::toDoubles);
            assertClosed("memory: matrix", closed::floats);
            assertEquals(before, Matrix.open());
        }
    }

    private static void assertClosed(String start, Runnable operation) {
        String message =
                assertThrows(IllegalStateException.class, operation::run).getMessage();
        assertTrue(message.startsWith(start) && message.endsWith("was used after close"), message);
    }

    @Test
    void anOverflowingNumberOfColumnsIsRefused() {
        try (Matrix a = square(1)) {
            assertShapes(() -> linalg.columns(a, Integer.MAX_VALUE, 1), "2147483648", "[2 x 2] F32");
        }
    }
}
