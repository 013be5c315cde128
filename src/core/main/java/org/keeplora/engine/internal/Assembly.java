package org.keeplora.engine.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;

/**
 * A new matrix of columns of others, one part beside the other.
 *
 * @param type elements are rounded if it is narrower than theirs; of half precision only if all parts are
 * @param parts at least one, all with the same number of rows; not modified
 */
public record Assembly(ElementType type, List<Columns> parts) {
    public Assembly {
        Objects.requireNonNull(type, "Assembly: type is null");
        parts = List.copyOf(parts);
        Require.that(!parts.isEmpty(), "Assembly: there are no parts; one at least is needed");
    }

    /** {@code count} columns of a matrix, from column {@code first} on. */
    public record Columns(Matrix matrix, int first, int count) {
        public Columns {
            Objects.requireNonNull(matrix, "Assembly: a matrix is null");
        }

        /** All columns. */
        public static Columns of(Matrix matrix) {
            return new Columns(matrix, 0, matrix.cols());
        }
    }

    /** One part beside the other. */
    public static Assembly of(ElementType type, Columns... parts) {
        return new Assembly(type, List.of(parts));
    }

    /** Whole matrices, one beside the other. */
    public static Assembly of(ElementType type, Matrix... matrices) {
        return new Assembly(type, Arrays.stream(matrices).map(Columns::of).toList());
    }

    /** Number of rows of the new matrix. */
    public int rows() {
        return parts.get(0).matrix().rows();
    }

    /** Number of columns of the new matrix. */
    public int cols() {
        return parts.stream().mapToInt(Columns::count).sum();
    }
}
