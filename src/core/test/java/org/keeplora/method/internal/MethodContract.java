package org.keeplora.method.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Operand;

/** The tests of the method for every backend. Opens the engine and closes the resources that a test keeps. */
abstract class MethodContract {
    static final int IN = 47;
    static final int OUT = 29;
    static final int SAMPLES = 211;

    /** The engine of this test. */
    BatchLinalg linalg;

    private final List<AutoCloseable> open = new ArrayList<>();

    abstract BatchLinalg open();

    @BeforeEach
    void openEngine() {
        linalg = open();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
        if (linalg != null) {
            linalg.close();
        }
    }

    /** Closes {@code resource} after the test and returns it. */
    <T extends AutoCloseable> T keep(T resource) {
        open.add(resource);
        return resource;
    }

    /** C of {@code samples} [n x in]. */
    Matrix momentOf(Matrix samples) {
        SecondMoment moment = keep(new SecondMoment(linalg, samples.cols()));
        SecondMoment.add(linalg, List.of(new SecondMoment.Update(moment, samples)));
        return moment.value(linalg);
    }

    /** Entries whose variance falls along the columns, so that the spectrum decays as features' do. */
    Matrix decaying(int rows, int cols, long seed) {
        Random random = new Random(seed);
        float[] values = new float[rows * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * Math.pow(0.85, i % cols));
        }
        return keep(linalg.adopt(Matrix.copyOf(rows, cols, values)));
    }

    PrincipalSubspace ofWeight(Matrix weight, double share) {
        return keep(PrincipalSubspace.ofWeights(linalg, List.of(weight), share).get(0));
    }

    /** M of {@code subspace}; closed after the test. */
    Matrix basisOf(PrincipalSubspace subspace) {
        return keep(subspace.basis(linalg));
    }

    Matrix identity(int n) {
        try (Matrix nothing = linalg.zeros(n, 0, ElementType.F32)) {
            return keep(linalg.complement(List.of(nothing)).get(0));
        }
    }

    void assertOutside(PrincipalSubspace subspace, Matrix a) {
        Matrix overlap = keep(Subspaces.product(linalg, Operand.transposed(basisOf(subspace)), Operand.of(a)));
        assertTrue(Subspaces.largest(overlap) <= 1e-6, "‖MᵀA‖_max is " + Subspaces.largest(overlap));
        assertTrue(Subspaces.deviationFromOrthonormal(linalg, a) <= Subspaces.tolerance(IN));
    }
}
