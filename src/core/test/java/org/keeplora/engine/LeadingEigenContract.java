package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.LeadingEigen;
import org.keeplora.method.internal.Subspaces;

/** {@link BatchLinalg#leadingEigh} on matrices whose eigenvectors are known. */
abstract class LeadingEigenContract {
    private static final int N = 420;
    /** Largest sine of an angle to the true eigenvectors that the documentation allows. */
    private static final double SINE = 1e-5;

    private BatchLinalg linalg;
    private long before;

    abstract BatchLinalg open();

    @BeforeEach
    void openBackend() {
        linalg = open();
        before = Matrix.open();
    }

    @AfterEach
    void closeBackend() {
        if (linalg != null) {
            assertEquals(before, Matrix.open());
            linalg.close();
        }
    }

    /** The result for an energy between the sums of {@code pairs − 1} and of {@code pairs} eigenvalues. */
    private Eigen leading(KnownSpectrum known, int pairs) {
        double energy = (known.energy(pairs - 1) + known.energy(pairs)) / 2;
        try (Matrix matrix = known.matrix(linalg)) {
            return linalg.leadingEigh(List.of(new LeadingEigen(matrix, energy))).get(0);
        }
    }

    private void assertFinds(int pairs, IntToDoubleFunction eigenvalue) {
        KnownSpectrum known = new KnownSpectrum(N, pairs, eigenvalue);
        try (Eigen found = leading(known, pairs);
                Matrix vectors = known.vectors(linalg, 0, pairs)) {
            double[] values = found.values().toDoubles();
            assertEquals(pairs, values.length);
            for (int i = 0; i < pairs; i++) {
                assertEquals(known.energy(i + 1) - known.energy(i), values[i], 1e-9 * known.energy(1));
            }
            assertTrue(Subspaces.largestAngleSine(linalg, found.vectors(), vectors) <= SINE);
            assertTrue(Subspaces.deviationFromOrthonormal(linalg, found.vectors()) <= 1e-12);
        }
    }

    @Test
    void findsThePairsOfFlatAndOfSteepSpectra() {
        assertFinds(1, i -> Math.pow(1 + i, -0.6));
        assertFinds(12, i -> Math.pow(1 + i, -0.6));
        assertFinds(9, i -> Math.pow(0.5, i));
        assertFinds(20, i -> 1.0 / ((1 + i) * (1 + i)));
    }

    @Test
    void findsThePairsOfAMatrixOfLowRank() {
        assertFinds(10, i -> i < 11 ? 20 - i : 0);
    }

    @Test
    void anyVectorsOfEqualEigenvaluesServe() {
        KnownSpectrum known = new KnownSpectrum(N, 1, i -> i < 4 ? 9 - i : i < 8 ? 3 : Math.pow(i, -0.5));
        try (Eigen found = leading(known, 6);
                Matrix all = known.vectors(linalg, 0, 8);
                Matrix sure = known.vectors(linalg, 0, 4)) {
            double[] values = found.values().toDoubles();
            assertEquals(6, values.length);
            assertEquals(known.energy(6), Arrays.stream(values).sum(), 1e-9);
            assertTrue(Subspaces.largestAngleSine(linalg, found.vectors(), all) <= SINE);
            assertTrue(Subspaces.largestAngleSine(linalg, sure, found.vectors()) <= SINE);
        }
    }

    @Test
    void leavesToTheFullSolverWhatItIsNotSureOf() {
        assertGivenUp(6, i -> i < 30 ? 3 : Math.pow(i, -0.5)); // more equal values than a block has columns
        assertGivenUp(150, i -> Math.pow(1 + i, -0.6)); // too many directions
        assertGivenUp(3, i -> i < 400 ? Math.pow(1 + i, -0.6) : -1); // eigenvalues below 0
    }

    private void assertGivenUp(int pairs, IntToDoubleFunction eigenvalue) {
        try (Eigen found = leading(new KnownSpectrum(N, pairs, eigenvalue), pairs)) {
            assertEquals(0, found.values().rows());
            assertEquals("[420 x 0] F64", found.vectors().toString());
        }
    }

    @Test
    void problemsOfABatchDoNotChangeEachOther() {
        List<KnownSpectrum> known = List.of(
                new KnownSpectrum(N, 1, i -> Math.pow(1 + i, -0.6)),
                new KnownSpectrum(30, 2, i -> 1.0 / (1 + i)),
                new KnownSpectrum(N + 13, 3, i -> Math.pow(0.7, i)));
        int[] pairs = {7, 5, 11};
        List<Matrix> matrices = known.stream().map(each -> each.matrix(linalg)).toList();
        List<LeadingEigen> problems = new ArrayList<>();
        for (int i = 0; i < pairs.length; i++) {
            problems.add(new LeadingEigen(matrices.get(i), known.get(i).energy(pairs[i]) * (1 - 1e-6)));
        }
        List<Eigen> together = linalg.leadingEigh(problems);
        for (int i = 0; i < pairs.length; i++) {
            try (Eigen alone = linalg.leadingEigh(List.of(problems.get(i))).get(0)) {
                assertEquals(i == 1 ? 0 : pairs[i], alone.values().rows());
                assertArrayEquals(
                        alone.vectors().toDoubles(), together.get(i).vectors().toDoubles());
            }
        }
        together.forEach(Eigen::close);
        matrices.forEach(Matrix::close);
    }

    @Test
    void tracesAndElementsComeToTheHostTogether() {
        try (Matrix one = linalg.adopt(Matrix.copyOf(2, 2, new double[] {1, 7, 8, -5}));
                Matrix other = linalg.adopt(Matrix.copyOf(1, 1, new double[] {0.25}));
                Matrix empty = linalg.zeros(0, 0, ElementType.F64)) {
            assertArrayEquals(new double[] {-4, 0, 0.25}, linalg.traces(List.of(one, empty, other)));
            List<double[]> elements = linalg.toHost(List.of(other, one, empty));
            assertArrayEquals(new double[] {0.25}, elements.get(0));
            assertArrayEquals(new double[] {1, 7, 8, -5}, elements.get(1));
            assertArrayEquals(new double[0], elements.get(2));
        }
    }
}
