package org.keeplora.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.keeplora.engine.CudaCopy.Block;
import org.keeplora.engine.OperandCheck.Values;

/** Device memory, copies that change a matrix's columns, order or type, and checks of its elements. */
final class CudaLayout {
    private static final int COPY_FIELDS = 9;
    private static final int ARRAY_FIELDS = 4;
    private static final int MIRROR_FIELDS = 2;
    private static final int MAGNITUDE_FIELDS = 4;

    private final Cuda cuda;

    CudaLayout(Cuda cuda) {
        this.cuda = cuda;
    }

    Matrix uninitialized(int rows, int cols, ElementType type) {
        Matrix matrix = new Matrix(rows, cols, type, CudaStorage.allocate(cuda, (long) rows * cols, type));
        cuda.onFailure(matrix::close);
        return matrix;
    }

    /** Rows of a float32 matrix, without a copy. */
    Matrix rows(Matrix matrix, int first, int count) {
        Pointer start = matrix.floats().getPointer((long) first * matrix.cols());
        return new Matrix(count, matrix.cols(), ElementType.F32, CudaStorage.borrowed(cuda, start, matrix.stream()));
    }

    Matrix columns(Matrix matrix, int first, int count) {
        Matrix columns = uninitialized(matrix.rows(), count, matrix.type());
        copy(List.of(CudaCopy.columns(matrix, first, columns)));
        return columns;
    }

    Matrix concatColumns(Matrix left, Matrix right) {
        Matrix both = uninitialized(left.rows(), left.cols() + right.cols(), left.type());
        copy(List.of(CudaCopy.intoColumns(left, both, 0), CudaCopy.intoColumns(right, both, left.cols())));
        return both;
    }

    Matrix transpose(Matrix matrix) {
        Matrix transposed = uninitialized(matrix.cols(), matrix.rows(), matrix.type());
        copy(List.of(CudaCopy.transposed(matrix, transposed)));
        return transposed;
    }

    Matrix convert(Matrix matrix, ElementType type) {
        return convert(List.of(matrix), type).get(0);
    }

    /** New matrices of type {@code type}, enqueued together. */
    List<Matrix> convert(List<Matrix> matrices, ElementType type) {
        List<Matrix> converted = new ArrayList<>();
        List<CudaCopy> copies = new ArrayList<>();
        for (Matrix matrix : matrices) {
            Matrix target = uninitialized(matrix.rows(), matrix.cols(), type);
            converted.add(target);
            copies.add(CudaCopy.of(matrix, target));
        }
        copy(copies);
        return converted;
    }

    /** The first {@code count} rows of {@code target} ← rows of {@code source}, from {@code first} on. */
    void widenRows(Matrix source, int first, int count, Matrix target) {
        Block from = Block.of(source, (long) first * source.cols());
        copy(List.of(new CudaCopy(from, Block.of(target, 0), count, source.cols(), false)));
    }

    void copy(List<CudaCopy> copies) {
        try (CudaProblemTable table = new CudaProblemTable(COPY_FIELDS, copies.size())) {
            copies.forEach(copy -> copy.addTo(table));
            CudaKlr.check("klr_copy", CudaKlr.copy(table.pointer(), table.rows(), cuda.stream()));
        }
    }

    /** The lower triangle of each square float64 matrix ← its upper one. */
    void mirror(List<Matrix> squares) {
        try (CudaProblemTable table = new CudaProblemTable(MIRROR_FIELDS, squares.size())) {
            squares.forEach(square -> table.problem().put(square.doubles()).put((long) square.rows()));
            CudaKlr.check("klr_mirror", CudaKlr.mirror(table.pointer(), table.rows(), cuda.stream()));
        }
    }

    /** Index of the first operand with an element that is NaN or beyond its limit, or the size of the list. */
    int firstBeyond(List<Values> operands) {
        try (CudaProblemTable table = new CudaProblemTable(ARRAY_FIELDS, operands.size());
                CudaArray first = new CudaArray(cuda, Long.BYTES)) {
            operands.forEach(operand -> table.problem()
                    .put(operand.matrix().address())
                    .put(operand.matrix().elements())
                    .put(operand.matrix().type())
                    .put(operand.limit()));
            CudaKlr.check(
                    "klr_first_beyond",
                    CudaKlr.firstBeyond(table.pointer(), table.rows(), first.longs(0), cuda.stream()));
            return Math.toIntExact(first.readLongs()[0]);
        }
    }

    /** Sums the diagonals on the host. */
    double[] traces(List<Matrix> squares) {
        return read(squares.stream()
                        .map(square ->
                                new Elements(Block.of(square, 0).withStride(square.cols() + 1L), square.rows(), 1))
                        .toList())
                .stream()
                .mapToDouble(diagonal -> Arrays.stream(diagonal).sum())
                .toArray();
    }

    /** The elements of float64 matrices. */
    List<double[]> toHost(List<Matrix> matrices) {
        return read(matrices.stream()
                .map(matrix -> new Elements(Block.of(matrix, 0), matrix.rows(), matrix.cols()))
                .toList());
    }

    /** Rows and columns of a block of float64. */
    private record Elements(Block block, int rows, int cols) {
        int number() {
            return Math.multiplyExact(rows, cols);
        }
    }

    /** Brings all to the host in one copy, and waits for it. */
    private List<double[]> read(List<Elements> all) {
        int number = all.stream().mapToInt(Elements::number).reduce(0, Math::addExact);
        try (Matrix together = uninitialized(number, 1, ElementType.F64)) {
            List<CudaCopy> copies = new ArrayList<>();
            int first = 0;
            for (Elements each : all) {
                Block target = Block.of(together, first).withStride(each.cols);
                copies.add(new CudaCopy(each.block, target, each.rows, each.cols, false));
                first += each.number();
            }
            copy(copies);
            double[] elements = together.toDoubles();
            List<double[]> parts = new ArrayList<>();
            int next = 0;
            for (Elements each : all) {
                parts.add(Arrays.copyOfRange(elements, next, next + each.number()));
                next += each.number();
            }
            return parts;
        }
    }

    double[] norms(List<Matrix> matrices) {
        double[] pairs = magnitudes(matrices);
        return every(pairs, 0);
    }

    double[] largestMagnitudes(List<Matrix> matrices) {
        double[] pairs = magnitudes(matrices);
        return every(pairs, 1);
    }

    private static double[] every(double[] pairs, int offset) {
        double[] values = new double[pairs.length / 2];
        Arrays.setAll(values, i -> pairs[2 * i + offset]);
        return values;
    }

    private double[] magnitudes(List<Matrix> matrices) {
        try (CudaArray pairs = enqueueMagnitudes(matrices)) {
            return pairs.readDoubles();
        }
    }

    /** On the device, for each matrix: Frobenius norm, largest magnitude. */
    CudaArray enqueueMagnitudes(List<Matrix> matrices) {
        CudaArray pairs = new CudaArray(cuda, 2L * matrices.size() * Double.BYTES);
        try (CudaProblemTable table = new CudaProblemTable(MAGNITUDE_FIELDS, matrices.size())) {
            for (int i = 0; i < matrices.size(); i++) {
                Matrix matrix = matrices.get(i);
                table.problem()
                        .put(matrix.address())
                        .put(matrix.elements())
                        .put(matrix.type())
                        .put(pairs.doubles(2L * i));
            }
            CudaKlr.check("klr_magnitudes", CudaKlr.magnitudes(table.pointer(), table.rows(), cuda.stream()));
        }
        return pairs;
    }
}
