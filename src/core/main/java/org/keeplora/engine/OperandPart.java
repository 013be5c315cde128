package org.keeplora.engine;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Operand.Orientation;

/** Rows and columns of an operand on the host, as a product reads or writes them; nothing is copied. */
record OperandPart(Operand operand, int firstRow, int firstCol, int rows, int cols) {
    static OperandPart all(Operand operand) {
        return new OperandPart(operand, 0, 0, operand.rows(), operand.cols());
    }

    static OperandPart all(Matrix matrix) {
        return all(Operand.of(matrix));
    }

    static OperandPart rows(Operand operand, int first, int count) {
        return new OperandPart(operand, first, 0, count, operand.cols());
    }

    static OperandPart columns(Operand operand, int first, int count) {
        return new OperandPart(operand, 0, first, operand.rows(), count);
    }

    /** Columns of this part. */
    OperandPart columns(int first, int count) {
        return new OperandPart(operand, firstRow, firstCol + first, rows, count);
    }

    /** This part with rows and columns exchanged. */
    OperandPart transposed() {
        boolean plain = operand.orientation() == Orientation.PLAIN;
        Operand turned = plain ? Operand.transposed(matrix()) : Operand.of(matrix());
        return new OperandPart(turned, firstCol, firstRow, cols, rows);
    }

    Matrix matrix() {
        return operand.matrix();
    }

    /** Number of elements from a row of the matrix to the next. */
    int stride() {
        return Math.max(1, matrix().cols());
    }

    /** The first element, of float32. */
    FloatPointer floats() {
        long first = first();
        return first == 0 ? matrix().floats() : matrix().floats().getPointer(first);
    }

    /** The first element, of float64. */
    DoublePointer doubles() {
        long first = first();
        return first == 0 ? matrix().doubles() : matrix().doubles().getPointer(first);
    }

    private long first() {
        return operand.orientation() == Orientation.PLAIN
                ? (long) firstRow * matrix().cols() + firstCol
                : (long) firstCol * matrix().cols() + firstRow;
    }
}
