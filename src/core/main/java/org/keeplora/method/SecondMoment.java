package org.keeplora.method;

import java.util.ArrayList;
import java.util.List;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.GramUpdate;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;

/**
 * C = Σ xᵀx over all rows a layer input ever showed: its eigenvectors and eigenvalues are the left singular vectors and squared
 * singular values of the whole feature matrix, in in·in numbers instead of in·images·tokens (paper, section on the feature
 * subspace). One thread at a time.
 */
public final class SecondMoment implements AutoCloseable {
    private final Matrix value;

    /** Nothing seen yet of an input {@code in} wide. */
    public SecondMoment(Linalg linalg, int in) {
        this.value = linalg.zeros(in, in, ElementType.F64);
    }

    /** Adds {@code samples}[i] [n x in] to {@code moments}[i], for all i at once. */
    public static void add(Linalg linalg, List<SecondMoment> moments, List<Matrix> samples) {
        List<GramUpdate> updates = new ArrayList<>();
        for (int i = 0; i < moments.size(); i++) {
            updates.add(new GramUpdate(samples.get(i), moments.get(i).value));
        }
        linalg.accumulateGram(updates);
    }

    /** C [in x in] float64; belongs to this object. */
    public Matrix value() {
        return value;
    }

    @Override
    public void close() {
        value.close();
    }
}
