package org.keeplora.method.internal;

import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.GramUpdate;

/**
 * C = Σ xᵀx over all rows of a layer's input. Its eigenvectors and eigenvalues are the left singular vectors and
 * squared singular values of the whole feature matrix, in in·in numbers instead of in·images·tokens (paper, section on
 * the feature subspace). One thread at a time.
 */
public final class SecondMoment implements AutoCloseable {
    /** Only the upper triangle is kept up to date. */
    private final Matrix value;

    /** An empty moment of an input {@code in} wide. */
    public SecondMoment(BatchLinalg linalg, int in) {
        this.value = linalg.zeros(in, in, ElementType.F64);
    }

    /**
     * New samples of one input.
     *
     * @param moment of that input
     * @param samples [n x in], any type; not modified
     */
    public record Update(SecondMoment moment, Matrix samples) {
        public Update {
            Objects.requireNonNull(moment, "SecondMoment.Update: moment is null");
            Objects.requireNonNull(samples, "SecondMoment.Update: samples are null");
            if (samples.cols() != moment.value.cols()) {
                throw new IllegalArgumentException("SecondMoment.add: samples are " + samples
                        + " but the moment has input width " + moment.value.cols()
                        + "; the samples' columns must be equal to it");
            }
        }
    }

    /** Adds the samples of every update to its moment; a moment may be in the batch once. */
    public static void add(BatchLinalg linalg, List<Update> batch) {
        Set<SecondMoment> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < batch.size(); i++) {
            if (!seen.add(batch.get(i).moment)) {
                throw new IllegalArgumentException("SecondMoment.add: the moment of update " + i + ", "
                        + batch.get(i).moment.value + ", is in the batch twice; add its samples one after the other");
            }
        }
        linalg.accumulateGram(batch.stream()
                .map(update -> new GramUpdate(update.moment.value, update.samples))
                .toList());
    }

    /** Adds {@code samples} [n x in]. */
    public void add(BatchLinalg linalg, Matrix samples) {
        add(linalg, List.of(new Update(this, samples)));
    }

    /** C [in x in] float64 of each; belongs to the moment and changes when it does. */
    public static List<Matrix> values(BatchLinalg linalg, Collection<SecondMoment> moments) {
        List<Matrix> values = moments.stream().map(moment -> moment.value).toList();
        linalg.mirror(values);
        return values;
    }

    /** As {@link #values}, of this moment. */
    public Matrix value(BatchLinalg linalg) {
        return values(linalg, List.of(this)).get(0);
    }

    @Override
    public void close() {
        value.close();
    }
}
