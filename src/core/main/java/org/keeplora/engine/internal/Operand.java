package org.keeplora.engine.internal;

import java.util.Objects;
import org.keeplora.engine.Matrix;

/** A matrix in a product, as it is or transposed; nothing is copied. */
public record Operand(Matrix matrix, Orientation orientation) {
    public Operand {
        Objects.requireNonNull(matrix, "Operand: matrix is null");
        Objects.requireNonNull(orientation, "Operand: orientation is null");
    }

    /** How a product reads a matrix. */
    public enum Orientation {
        /** [rows x cols] as stored. */
        PLAIN,
        /** Rows and columns exchanged. */
        TRANSPOSED
    }

    /** The matrix as it is. */
    public static Operand of(Matrix matrix) {
        return new Operand(matrix, Orientation.PLAIN);
    }

    /** The matrix transposed. */
    public static Operand transposed(Matrix matrix) {
        return new Operand(matrix, Orientation.TRANSPOSED);
    }

    /** Rows as the product reads the matrix. */
    public int rows() {
        return orientation == Orientation.PLAIN ? matrix.rows() : matrix.cols();
    }

    /** Columns as the product reads the matrix. */
    public int cols() {
        return orientation == Orientation.PLAIN ? matrix.cols() : matrix.rows();
    }

    @Override
    public String toString() {
        return orientation == Orientation.PLAIN ? matrix.toString() : matrix + "ᵀ";
    }
}
