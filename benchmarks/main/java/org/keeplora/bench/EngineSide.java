package org.keeplora.bench;

import java.util.List;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;

/** An operation of our engine; closes the engine with its inputs. */
abstract class EngineSide implements Side {
    private final BatchLinalg linalg;
    private final List<Matrix> first;
    private final List<Matrix> second;

    /** Copies {@code inputs} to the device of {@code linalg}. */
    EngineSide(BatchLinalg linalg, Inputs inputs) {
        this.linalg = linalg;
        this.first = Inputs.bring(inputs.first(), linalg::copyOf);
        this.second = Inputs.bring(inputs.second(), linalg::copyOf);
    }

    /** Runs the operation for all problems in one batch. */
    abstract List<Matrix> solve();

    /** Frees the results of {@link #solve}; overridden when the results are not new matrices. */
    void release(List<Matrix> results) {
        results.forEach(Matrix::close);
    }

    final BatchLinalg linalg() {
        return linalg;
    }

    final List<Matrix> first() {
        return first;
    }

    final List<Matrix> second() {
        return second;
    }

    /** The norm of the last of {@code matrices}; reading it waits for all earlier work of the device. */
    final double settled(List<Matrix> matrices) {
        return linalg.norms(List.of(matrices.get(matrices.size() - 1)))[0];
    }

    @Override
    public final List<Matrix> results() {
        List<Matrix> results = solve();
        List<Matrix> copies = results.stream().map(Matrix::toHost).toList();
        release(results);
        return copies;
    }

    @Override
    public final double shot() {
        List<Matrix> results = solve();
        double norm = settled(results);
        release(results);
        return norm;
    }

    @Override
    public void close() {
        first.forEach(Matrix::close);
        second.forEach(Matrix::close);
        linalg.close();
    }
}
