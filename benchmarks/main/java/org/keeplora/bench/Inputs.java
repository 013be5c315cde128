package org.keeplora.bench;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.keeplora.engine.Matrix;

/**
 * A suite's inputs on the host: one or two matrices for each problem. Several problems may use the same matrix.
 *
 * @param first for example the bases M
 * @param second for example the gradients; empty when a problem has one input
 */
record Inputs(List<Matrix> first, List<Matrix> second) implements AutoCloseable {
    Inputs() {
        this(new ArrayList<>(), new ArrayList<>());
    }

    /** Copies {@code matrices} to where an implementation computes; a matrix of several problems is copied once. */
    static <T> List<T> bring(List<Matrix> matrices, Function<Matrix, T> carrier) {
        Map<Matrix, T> brought = new IdentityHashMap<>();
        return matrices.stream()
                .map(matrix -> brought.computeIfAbsent(matrix, carrier))
                .toList();
    }

    @Override
    public void close() {
        first.forEach(Matrix::close);
        second.forEach(Matrix::close);
    }
}
