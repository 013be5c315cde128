package org.keeplora.method.internal;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Projector;
import org.keeplora.engine.internal.Projector.Part;
import org.keeplora.method.Growth;
import org.keeplora.method.Switches;

/**
 * The protected subspace of one site: the span of M [in x k]. It holds first the leading directions of the pre-trained
 * weight, then those of each finished task's features (paper, sections on the principal subspace of the weights and of
 * the features).
 *
 * <p>Stored as one float32 matrix: M while k ≤ in/2, then its orthogonal complement Q [in x (in−k)]. So it has at most
 * in·in/2 numbers, and a projection always uses the narrower of the two.
 *
 * <p>Several threads may read one (project, take its basis). Growing and closing replace its matrix, so no other thread
 * may use it then.
 */
public final class PrincipalSubspace implements AutoCloseable {
    private Projector projector;

    private PrincipalSubspace(Projector projector) {
        this.projector = projector;
    }

    /** The empty subspace of an input {@code in} wide; it protects nothing. */
    public static PrincipalSubspace empty(BatchLinalg linalg, int in) {
        return new PrincipalSubspace(Projector.outOf(linalg.zeros(in, 0, ElementType.F32)));
    }

    /**
     * A stored subspace: {@link #projector} of one that was, equal to the bit. If the basis given is not the narrower
     * one, the other is computed from it.
     *
     * @param stored float32, where {@code linalg} computes or on the host; checked and copied
     * @throws IllegalArgumentException naming shape and error if the columns are not orthonormal to float32 rounding
     */
    public static PrincipalSubspace of(BatchLinalg linalg, Projector stored) {
        Matrix basis = OrthonormalColumns.copyOf(linalg, stored.basis());
        if (isNarrower(basis.cols(), basis.rows())) {
            return new PrincipalSubspace(new Projector(basis, stored.kept()));
        }
        try (basis) {
            Matrix other = linalg.complement(List.of(basis)).get(0);
            return new PrincipalSubspace(
                    stored.kept() == Part.OUTSIDE_SPAN ? Projector.onto(other) : Projector.outOf(other));
        }
    }

    /** The span of {@code basis} M [in x k] float32; as {@link #of} with {@link Projector#outOf}. */
    public static PrincipalSubspace ofBasis(BatchLinalg linalg, Matrix basis) {
        return of(linalg, Projector.outOf(basis));
    }

    /**
     * The leading left singular directions of each weight that hold {@code share} of Σσ², in the order of the weights;
     * the caller closes them.
     */
    public static List<PrincipalSubspace> ofWeights(BatchLinalg linalg, List<Matrix> weights, double share) {
        return WeightSubspace.of(linalg, weights, Switches.WeightBasis.INPUT, Switches.RankRule.REACHING, share)
                .stream()
                .map(WeightSubspace::subspace)
                .toList();
    }

    /** The span of the first {@code rank} columns of {@code orthogonal} [in x in] float64. */
    static PrincipalSubspace leading(BatchLinalg linalg, Matrix orthogonal, int rank) {
        int in = orthogonal.rows();
        return new PrincipalSubspace(
                isNarrower(rank, in)
                        ? Projector.outOf(rounded(linalg, orthogonal, 0, rank))
                        : Projector.onto(rounded(linalg, orthogonal, rank, in - rank)));
    }

    /** The span of {@code basis} [in x k] float64, orthonormal columns. */
    static PrincipalSubspace spanOf(BatchLinalg linalg, Matrix basis) {
        if (isNarrower(basis.cols(), basis.rows())) {
            return new PrincipalSubspace(Projector.outOf(linalg.convert(basis, ElementType.F32)));
        }
        try (Matrix complement = linalg.complement(List.of(basis)).get(0)) {
            return new PrincipalSubspace(Projector.onto(linalg.convert(complement, ElementType.F32)));
        }
    }

    /** Whether {@code cols} directions of {@code in} are to be stored rather than the others. */
    static boolean isNarrower(int cols, int in) {
        return cols <= in / 2;
    }

    /** Columns of a float64 matrix, rounded to float32. */
    private static Matrix rounded(BatchLinalg linalg, Matrix matrix, int first, int count) {
        try (Matrix columns = linalg.columns(matrix, first, count)) {
            return linalg.convert(columns, ElementType.F32);
        }
    }

    /** k, the number of protected directions. */
    public int rank() {
        int cols = projector.basis().cols();
        return isMStored() ? cols : in() - cols;
    }

    /** Input width of the site. */
    public int in() {
        return projector.basis().rows();
    }

    private boolean isMStored() {
        return projector.kept() == Part.OUTSIDE_SPAN;
    }

    /**
     * I − MMᵀ through the narrower basis, float32: the complete state to store. Its matrix belongs to this object and
     * is replaced when the subspace grows.
     */
    public Projector projector() {
        return projector;
    }

    /**
     * M [in x k] float32, orthonormal columns, computed from the complement if that is stored; the caller closes it.
     */
    public Matrix basis(BatchLinalg linalg) {
        return isMStored()
                ? linalg.copyOf(projector.basis())
                : linalg.complement(List.of(projector.basis())).get(0);
    }

    /** Takes the place of the present state, which is closed. */
    void become(Projector grown) {
        projector.basis().close();
        projector = grown;
    }

    /**
     * A gradient to project.
     *
     * @param gradient G [in x out] float32, becomes R
     */
    public record Residual(PrincipalSubspace subspace, Matrix gradient) {
        public Residual {
            requireWidth("PrincipalSubspace.projectOut", subspace, "gradient", gradient);
        }
    }

    private static void requireWidth(String operation, PrincipalSubspace subspace, String name, Matrix matrix) {
        if (matrix.rows() != subspace.in()) {
            throw new IllegalArgumentException(operation + ": " + name + " is " + matrix
                    + " but the subspace has input width " + subspace.in() + "; the rows must be equal to it");
        }
    }

    /**
     * R = G − M(MᵀG) in place of each G (paper, equation of the residual gradient), with a second pass if cancellation
     * leaves too much of M in R.
     */
    public static void projectOut(BatchLinalg linalg, List<Residual> batch) {
        linalg.projectOut(batch.stream()
                .map(residual -> new Projection(residual.gradient, residual.subspace.projector))
                .toList());
    }

    /**
     * A subspace that is to grow.
     *
     * @param moment C [in x in] float64 of the new features, symmetric; one matrix may serve several sites
     */
    public record Extension(PrincipalSubspace subspace, Matrix moment) {
        public Extension {
            requireWidth("PrincipalSubspace.extend", subspace, "moment", moment);
            if (moment.cols() != moment.rows() || moment.type() != ElementType.F64) {
                throw new IllegalArgumentException("PrincipalSubspace.extend: moment is " + moment
                        + " but the subspace has input width " + subspace.in()
                        + "; it must be square in that width and F64");
            }
        }
    }

    /**
     * Grows each subspace by the leading eigenvectors of C' = (I−MMᵀ) C (I−MMᵀ), until the covered share 1 −
     * tr(C')/tr(C) reaches {@code share}. A subspace does not grow if it already covers the share or C is zero. If
     * anything fails, no subspace of the batch has changed.
     *
     * @param share in [0, 1]
     * @return how each grew, in the order of the batch, without spectra
     * @throws IllegalArgumentException if a subspace is in the batch twice, or a moment is not finite, not
     *     symmetric, or has an eigenvalue below 0 that the work meets
     */
    public static List<Growth> extend(BatchLinalg linalg, List<Extension> batch, double share) {
        EnergyShare.require("PrincipalSubspace.extend", share);
        return extend(linalg, batch, extension -> share, Growth.Detail.RANK);
    }

    /**
     * As {@link #extend(BatchLinalg, List, double)}, with a share for each extension.
     *
     * @param shares the share of the extension with an index
     */
    public static List<Growth> extend(
            BatchLinalg linalg, List<Extension> batch, IntToDoubleFunction shares, Growth.Detail detail) {
        return SubspaceGrowth.extend(linalg, batch, shares, detail);
    }

    @Override
    public void close() {
        projector.basis().close();
    }
}
