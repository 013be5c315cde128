package org.keeplora.learner;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.ShortPointer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.ResourceScope;

/** The matrix [2 x 3] of 1 to 6 in every form in which a trainer may hold it. */
final class ValuesTest {
    private static final int ROWS = 2;
    private static final int COLS = 3;
    private static final float[] BY_ROW = {1, 2, 3, 4, 5, 6};
    private static final float[] BY_COLUMN = {1, 4, 2, 5, 3, 6};
    /** IEEE half precision of 1 to 6, and bfloat16. */
    private static final short[] HALVES = {0x3C00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600};

    private static final short[] BRAINS = {0x3F80, 0x4000, 0x4040, (short) 0x4080, (short) 0x40A0, (short) 0x40C0};

    private static final BatchLinalg LINALG = BatchLinalg.open(BackendChoice.CPU, 1);

    @AfterAll
    static void close() {
        LINALG.close();
    }

    private static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    private static FloatBuffer directFloats(float[] values) {
        return direct(values.length * Float.BYTES).asFloatBuffer().put(values).flip();
    }

    private static ShortBuffer directShorts(short[] values) {
        return direct(values.length * Short.BYTES).asShortBuffer().put(values).flip();
    }

    private static float[] surrounded(float[] values) {
        float[] all = new float[values.length + 5];
        System.arraycopy(values, 0, all, 2, values.length);
        return all;
    }

    private static Map<String, Values> forms(ResourceScope scope) {
        Map<String, Values> forms = new LinkedHashMap<>();
        forms.put("float[]", Values.of(BY_ROW.clone()));
        forms.put("double[]", Values.of(doubles(BY_ROW)));
        forms.put("float[][]", Values.of(new float[][] {{1, 2, 3}, {4, 5, 6}}));
        forms.put(
                "float[][] transposed",
                Values.of(new float[][] {{1, 4}, {2, 5}, {3, 6}}).transposed());
        forms.put("float[] transposed", Values.of(BY_COLUMN.clone()).transposed());
        forms.put("double[] transposed", Values.of(doubles(BY_COLUMN)).transposed());
        forms.put("heap buffer", Values.of(FloatBuffer.wrap(surrounded(BY_ROW), 2, BY_ROW.length)));
        forms.put("direct buffer", Values.of(directFloats(BY_ROW)));
        forms.put(
                "slice of a direct buffer",
                Values.of(directFloats(surrounded(BY_ROW)).position(2).limit(8)));
        forms.put("FloatPointer", Values.of(new FloatPointer(BY_ROW)));
        forms.put(
                "FloatPointer at a position",
                Values.of(new FloatPointer(surrounded(BY_ROW)).position(2).limit(8)));
        forms.put(
                "FloatPointer transposed",
                Values.of(new FloatPointer(BY_COLUMN)).transposed());
        forms.put("DoublePointer", Values.of(new DoublePointer(doubles(BY_ROW))));
        forms.put("float16 buffer", Values.of(directShorts(HALVES), ElementType.F16));
        forms.put("bfloat16 pointer", Values.of(new ShortPointer(BRAINS), ElementType.BF16));
        forms.put("matrix", Values.of(scope.keep(Matrix.copyOf(ROWS, COLS, BY_ROW))));
        forms.put("float64 matrix", Values.of(scope.keep(Matrix.copyOf(ROWS, COLS, doubles(BY_ROW)))));
        forms.put(
                "rows with gaps",
                Values.of(new float[] {9, 1, 2, 3, 9, 4, 5, 6, 9}).strided(1, COLS + 1, 1));
        forms.put(
                "columns with gaps, native",
                Values.of(new FloatPointer(9, 1, 4, 9, 2, 5, 9, 3, 6, 9)).strided(1, 1, ROWS + 1));
        // PyTorch's packed query, key, value: three [out x in] one below the other
        forms.put(
                "key of packed projections",
                Values.of(new float[] {9, 9, 9, 9, 9, 9, 1, 4, 2, 5, 3, 6, 9, 9, 9, 9, 9, 9})
                        .strided(6, 1, ROWS));
        return forms;
    }

    @Test
    void everyFormIsReadAsTheSameMatrix() {
        try (ResourceScope scope = new ResourceScope()) {
            forms(scope).forEach((name, values) -> {
                assertArrayEquals(
                        BY_ROW, values.floats(LINALG, ROWS, COLS, scope).toFloats(), name);
                assertArrayEquals(
                        BY_ROW,
                        scope.keep(LINALG.convert(values.samples(LINALG, ROWS, COLS, scope), ElementType.F32))
                                .toFloats(),
                        name);
            });
        }
    }

    @Test
    void everyFormIsChangedInPlace() {
        try (ResourceScope scope = new ResourceScope()) {
            Map<String, Values> forms = forms(scope);
            forms.keySet().removeIf(name -> name.contains("float16")); // half precision is only read
            forms.forEach((name, values) -> {
                values.add(LINALG, scope.keep(Matrix.copyOf(ROWS, COLS, new float[] {9, 18, 27, 36, 45, 54})));
                assertArrayEquals(
                        new float[] {10, 20, 30, 40, 50, 60},
                        values.floats(LINALG, ROWS, COLS, scope).toFloats(),
                        name);
            });
        }
    }

    @Test
    void nothingBesideTheStridedElementsIsWritten() {
        float[] packed = {9, 1, 2, 3, 8, 4, 5, 6, 7};
        try (Matrix change = Matrix.copyOf(ROWS, COLS, new float[] {0, 0, 0, 0, 0, -12})) {
            Values.of(packed).strided(1, COLS + 1, 1).add(LINALG, change);
        }
        assertArrayEquals(new float[] {9, 1, 2, 3, 8, 4, 5, -6, 7}, packed);
    }

    @Test
    void theNumberOfRowsFollowsFromTheWidth() {
        assertEquals(ROWS, Values.of(BY_ROW).rows(COLS));
        assertEquals(COLS, Values.of(BY_ROW).transposed().rows(ROWS));
        assertEquals(
                ROWS,
                Values.of(new float[] {9, 1, 2, 3, 9, 4, 5, 6, 9})
                        .strided(1, COLS + 1, 1)
                        .rows(COLS));
    }

    private static void assertRefused(String message, Runnable read) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, read::run).getMessage());
    }

    @Test
    void whatDoesNotFitIsRefusedWithItsNumbers() {
        try (ResourceScope scope = new ResourceScope()) {
            assertRefused("the array holds 6 elements; [2 x 4] needs 8", () -> Values.of(BY_ROW)
                    .floats(LINALG, ROWS, 4, scope));
            assertRefused("the array holds 6 elements; [2 x 2] needs 4", () -> Values.of(BY_ROW)
                    .floats(LINALG, ROWS, 2, scope));
            assertRefused(
                    "the array holds 6 elements; [2 x 3] with offset 1 and stride 3 needs 7",
                    () -> Values.of(BY_ROW).strided(1, COLS, 1).floats(LINALG, ROWS, COLS, scope));
            assertRefused(
                    "Values.strided: offset 0, strides 2 and 3; the array holds 6 elements, and one of the strides must"
                            + " be 1",
                    () -> Values.of(BY_ROW).strided(0, 2, 3));
            assertRefused(
                    "Values.of: row 1 has 1 elements but row 0 has 2", () -> Values.of(new float[][] {{1, 2}, {3}}));
            Matrix change = scope.keep(Matrix.zeros(ROWS, COLS, ElementType.F32));
            for (Values read : List.of(
                    Values.of(directShorts(HALVES), ElementType.F16),
                    Values.of(directFloats(BY_ROW).asReadOnlyBuffer()))) {
                assertRefused(
                        "the array is read-only or of half precision; give float32 or float64",
                        () -> read.add(LINALG, change));
            }
        }
    }

    @Test
    void anArrayWithAShapeMustHaveTheRightOne() {
        try (ResourceScope scope = new ResourceScope()) {
            float[][] stored = new float[COLS][ROWS];
            assertRefused(
                    "the array is [3 x 2]; [2 x 3] is needed, or transposed() if it is stored so",
                    () -> Values.of(stored).floats(LINALG, ROWS, COLS, scope));
            assertRefused(
                    "the array is [2 x 3]; [3 x 2] is needed, as it is stored transposed",
                    () -> Values.of(new float[ROWS][COLS]).transposed().floats(LINALG, ROWS, COLS, scope));
            Matrix matrix = scope.keep(Matrix.zeros(COLS, ROWS, ElementType.F32));
            assertRefused(
                    "the array is [3 x 2]; [2 x 3] is needed, or transposed() if it is stored so",
                    () -> Values.of(matrix).floats(LINALG, ROWS, COLS, scope));
            assertEquals(COLS, Values.of(new float[ROWS][COLS]).transposed().rows(ROWS));
        }
    }

    @Test
    void stridesThatDoNotFitAreRefused() {
        float[] ten = new float[10];
        for (Runnable wrong : List.<Runnable>of(
                () -> Values.of(ten).strided(0, 1L << 62, 1),
                () -> Values.of(ten).strided(11, 5, 1),
                () -> Values.of(ten).strided(0, 5, 1).strided(2, 5, 1),
                () -> Values.of(ten).transposed().transposed(),
                () -> Values.of(ten).strided(8, 5, 1).rows(5),
                () -> Values.of(new float[13]).strided(0, 5, 1).rows(5))) {
            assertThrows(IllegalArgumentException.class, wrong::run);
        }
        assertEquals(2, Values.of(ten).strided(1, 5, 1).rows(3)); // a part of each row
        assertEquals(5, Values.of(new float[20]).strided(10, 1, 5).rows(2)); // half of the columns
    }

    @Test
    void aClosedMatrixIsNotRead() {
        Matrix matrix = Matrix.zeros(ROWS, COLS, ElementType.F32);
        Values values = Values.of(matrix);
        matrix.close();
        try (ResourceScope scope = new ResourceScope()) {
            Matrix read = values.floats(LINALG, ROWS, COLS, scope);
            assertThrows(IllegalStateException.class, () -> LINALG.norms(List.of(read)));
        }
    }

    @Test
    void doublesKeepTheirPrecision() {
        double[] weight = {1 + 1e-12, 2, 3, 4, 5, 6};
        try (Matrix nothing = Matrix.zeros(ROWS, COLS, ElementType.F32)) {
            Values.of(weight).add(LINALG, nothing);
        }
        assertEquals(1 + 1e-12, weight[0]);
    }

    @Test
    void buffersThatNativeCodeCannotReadAreRefused() {
        for (Runnable form : List.<Runnable>of(
                () -> Values.of(FloatBuffer.wrap(BY_ROW).asReadOnlyBuffer()),
                () -> Values.of(ShortBuffer.wrap(HALVES), ElementType.F16),
                () -> Values.of(
                        ByteBuffer.allocateDirect(8).order(ByteOrder.BIG_ENDIAN).asFloatBuffer()))) {
            assertThrows(IllegalArgumentException.class, form::run);
        }
    }
}
