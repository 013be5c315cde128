package org.keeplora.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.keeplora.engine.CudaCopy.Block;
import org.keeplora.engine.OperandCheck.Values;
import org.keeplora.engine.internal.Assembly;
import org.keeplora.engine.internal.Assembly.Columns;
import org.keeplora.engine.internal.ResourceScope;

/** Device memory, copies that change a matrix's columns, order or type, and checks of its elements. */
final class CudaLayout {
    private static final int ARRAY_FIELDS = 4;
    private static final int MIRROR_FIELDS = 3;
    private static final int MAGNITUDE_FIELDS = 4;
    /** KLR_MAGNITUDE_SCRATCH, doubles for each matrix. */
    private static final long MAGNITUDE_SCRATCH = 256;

    private final Cuda cuda;

    CudaLayout(Cuda cuda) {
        this.cuda = cuda;
    }

    Matrix uninitialized(int rows, int cols, ElementType type) {
        Matrix matrix = new Matrix(rows, cols, type, CudaStorage.allocate(cuda, (long) rows * cols, type));
        cuda.onFailure(matrix::close);
        return matrix;
    }

    /** Rows of a matrix, without a copy. */
    Matrix rows(Matrix matrix, int first, int count) {
        return view(matrix, (long) first * matrix.cols(), count, matrix.cols());
    }

    /** The elements of a matrix from the {@code first} on, row by row, as another matrix without a copy. */
    Matrix view(Matrix matrix, long first, int rows, int cols) {
        Pointer start = matrix.type() == ElementType.F32
                ? matrix.floats().getPointer(first)
                : matrix.doubles().getPointer(first);
        Matrix view = new Matrix(rows, cols, matrix.type(), CudaStorage.borrowed(cuda, start, matrix.stream()));
        cuda.onFailure(view::close);
        return view;
    }

    /**
     * A float64 matrix [rows x cols] of 0, but for {@code values}: the first is element {@code start}, counted row by
     * row, and each other lies one row and one column further.
     */
    record Diagonal(int rows, int cols, int start, double[] values) {
        /** With {@code value} from the start to the last row or column. */
        static Diagonal of(int rows, int cols, int start, double value) {
            int length = cols == 0 ? 0 : Math.min(rows - start / cols, cols - start % cols);
            double[] values = new double[Math.max(0, length)];
            Arrays.fill(values, value);
            return new Diagonal(rows, cols, start, values);
        }
    }

    /** The matrices, made together; {@code scope} closes them and their common memory. */
    List<Matrix> diagonals(List<Diagonal> shapes, ResourceScope scope) {
        int elements = shapes.stream()
                .mapToInt(shape -> Math.multiplyExact(shape.rows, shape.cols))
                .reduce(0, Math::addExact);
        double[] diagonals = shapes.stream()
                .flatMapToDouble(shape -> Arrays.stream(shape.values))
                .toArray();
        Matrix all = scope.keep(uninitialized(elements, 1, ElementType.F64)).cleared();
        Matrix values = scope.keep(uninitialized(diagonals.length, 1, ElementType.F64));
        try (Matrix host = Matrix.copyOf(diagonals.length, 1, diagonals)) {
            values.writtenFrom(host);
        }
        List<Matrix> views = new ArrayList<>();
        List<CudaCopy> copies = new ArrayList<>();
        long next = 0;
        int taken = 0;
        for (Diagonal shape : shapes) {
            views.add(scope.keep(view(all, next, shape.rows, shape.cols)));
            Block diagonal = Block.of(all, next + shape.start).withStride(shape.cols + 1L);
            copies.add(new CudaCopy(Block.of(values, taken), diagonal, shape.values.length, 1, false));
            next += (long) shape.rows * shape.cols;
            taken += shape.values.length;
        }
        copy(copies);
        return views;
    }

    Matrix columns(Matrix matrix, int first, int count) {
        Matrix columns = uninitialized(matrix.rows(), count, matrix.type());
        copy(List.of(CudaCopy.columns(matrix, first, columns)));
        return columns;
    }

    List<Matrix> assemble(List<Assembly> batch) {
        List<Matrix> targets = new ArrayList<>();
        List<CudaCopy> copies = new ArrayList<>();
        for (Assembly problem : batch) {
            Matrix target = uninitialized(problem.rows(), problem.cols(), problem.type());
            targets.add(target);
            int first = 0;
            for (Columns part : problem.parts()) {
                copies.add(new CudaCopy(
                        Block.of(part.matrix(), part.first()),
                        Block.of(target, first),
                        target.rows(),
                        part.count(),
                        false));
                first += part.count();
            }
        }
        copy(copies);
        return targets;
    }

    Matrix transpose(Matrix matrix) {
        return transpose(List.of(matrix)).get(0);
    }

    /** New, transposed matrices, enqueued together. */
    List<Matrix> transpose(List<Matrix> matrices) {
        List<Matrix> transposed = new ArrayList<>();
        List<CudaCopy> copies = new ArrayList<>();
        for (Matrix matrix : matrices) {
            Matrix target = uninitialized(matrix.cols(), matrix.rows(), matrix.type());
            transposed.add(target);
            copies.add(CudaCopy.transposed(matrix, target));
        }
        copy(copies);
        return transposed;
    }

    Matrix convert(Matrix matrix, ElementType type) {
        return convert(List.of(matrix), type).get(0);
    }

    /** New matrices of type {@code type}, enqueued together. */
    List<Matrix> convert(List<Matrix> matrices, ElementType type) {
        return assemble(
                matrices.stream().map(matrix -> Assembly.of(type, matrix)).toList());
    }

    /** The first {@code count} rows of {@code target} ← rows of {@code source}, from {@code first} on. */
    void widenRows(Matrix source, int first, int count, Matrix target) {
        Block from = Block.of(source, (long) first * source.cols());
        copy(List.of(new CudaCopy(from, Block.of(target, 0), count, source.cols(), false)));
    }

    void copy(List<CudaCopy> copies) {
        combine(copies.stream().map(copy -> new CudaCombination(copy, 1, 0)).toList());
    }

    void combine(List<CudaCombination> combinations) {
        try (CudaProblemTable table = new CudaProblemTable(CudaCombination.FIELDS, combinations.size())) {
            combinations.forEach(combination -> combination.addTo(table));
            CudaKlr.check("klr_combine", CudaKlr.combine(table.pointer(), table.rows(), cuda.stream()));
        }
    }

    /** What becomes of the two triangles of a square float64 matrix; klr.h lists the forms in the same order. */
    enum Mirror {
        /** The lower triangle ← the upper one. */
        UPPER,
        /** square ← square + squareᵀ. */
        SUM
    }

    void mirror(List<Matrix> squares, Mirror form) {
        try (CudaProblemTable table = new CudaProblemTable(MIRROR_FIELDS, squares.size())) {
            squares.forEach(square -> table.problem()
                    .put(square.doubles())
                    .put((long) square.rows())
                    .put((long) form.ordinal()));
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
        try (CudaProblemTable table = new CudaProblemTable(MAGNITUDE_FIELDS, matrices.size());
                CudaArray scratch = new CudaArray(cuda, MAGNITUDE_SCRATCH * matrices.size() * Double.BYTES)) {
            for (int i = 0; i < matrices.size(); i++) {
                Matrix matrix = matrices.get(i);
                table.problem()
                        .put(matrix.address())
                        .put(matrix.elements())
                        .put(matrix.type())
                        .put(pairs.doubles(2L * i));
            }
            CudaKlr.check(
                    "klr_magnitudes",
                    CudaKlr.magnitudes(table.pointer(), table.rows(), scratch.doubles(0), cuda.stream()));
        }
        return pairs;
    }
}
