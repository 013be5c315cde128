package org.keeplora.bench;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;

/**
 * An operation of our engine that overwrites its second inputs with the results.
 *
 * @param <P> one problem of its batch
 */
final class InPlaceSide<P> extends EngineSide {
    private final List<P> batch;
    private final BiConsumer<BatchLinalg, List<P>> operation;

    /** @param problem makes a problem of a first and a second input */
    InPlaceSide(
            BatchLinalg linalg,
            Inputs inputs,
            BiFunction<Matrix, Matrix, P> problem,
            BiConsumer<BatchLinalg, List<P>> operation) {
        super(linalg, inputs);
        this.batch = IntStream.range(0, first().size())
                .mapToObj(i -> problem.apply(first().get(i), second().get(i)))
                .toList();
        this.operation = operation;
    }

    @Override
    List<Matrix> solve() {
        operation.accept(linalg(), batch);
        return second();
    }

    @Override
    void release(List<Matrix> results) {}
}
