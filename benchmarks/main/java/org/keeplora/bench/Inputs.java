package org.keeplora.bench;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.keeplora.engine.Matrix;

/**
 * A suite's inputs on the host: two matrices for each problem, or one. A matrix may serve several problems.
 *
 * @param first such as the bases M
 * @param second such as the gradients; empty where a problem has one input
 */
record Inputs(List<Matrix> first, List<Matrix> second) implements AutoCloseable {
    Inputs() {
        this(new ArrayList<>(), new ArrayList<>());
    }

    /** {@code matrices} brought to where a side computes; what served several problems still does. */
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
