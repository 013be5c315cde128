package org.keeplora.method;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.keeplora.engine.Eigen;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.EnergyRank;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Operand;
import org.keeplora.engine.Product;
import org.keeplora.engine.Projection;
import org.keeplora.engine.Projector;
import org.keeplora.engine.Scope;
import org.keeplora.engine.Spectrum;

/**
 * The protected subspace of one site: the span of M [in x k]. It holds first the leading directions of the pre-trained
 * weight, then those of each finished task's features (paper, sections on the principal subspace of the weights and of
 * the features).
 *
 * <p>Stored as an orthogonal frame [M Q] [in x in] in float64. Every decomposition yields M together with its
 * complement Q, so growing needs an eigenproblem of only in − k, and projecting may use the narrower of the two.
 *
 * <p>Several threads may read one (project, take its basis). Growing and closing replace its matrices, so no other
 * thread may use it then.
 */
public final class PrincipalSubspace implements AutoCloseable {
    /**
     * One pass leaves ‖MᵀR‖ ≈ u·‖G‖. While ‖R‖ ≥ 0.1·‖G‖ that is at most ten roundings of R; otherwise a second pass is
     * made.
     */
    private static final double CANCELLATION = 0.1;

    private Matrix frame;
    private Matrix basis;

    private PrincipalSubspace(Matrix frame, Matrix basis) {
        this.frame = frame;
        this.basis = basis;
    }

    /** The empty subspace of an input {@code in} wide; it protects nothing. */
    public static PrincipalSubspace empty(Linalg linalg, int in) {
        try (Matrix nothing = linalg.zeros(in, 0, ElementType.F64)) {
            Matrix identity = linalg.complement(List.of(nothing)).get(0);
            return new PrincipalSubspace(identity, linalg.zeros(in, 0, ElementType.F32));
        }
    }

    /**
     * A stored subspace, equal to the bit.
     *
     * @param frame as {@link #frame} returned it, where {@code linalg} computes; belongs to the subspace from now on
     * @param rank as {@link #rank} returned it
     */
    public static PrincipalSubspace ofFrame(Linalg linalg, Matrix frame, int rank) {
        return new PrincipalSubspace(frame, narrow(linalg, frame, 0, rank));
    }

    /** The span of {@code basis} [in x k] float32, orthonormal columns, copied: a stored subspace. */
    public static PrincipalSubspace ofBasis(Linalg linalg, Matrix basis) {
        Matrix columns = linalg.convert(basis, ElementType.F32);
        try (Matrix wide = linalg.convert(basis, ElementType.F64);
                Matrix complement = linalg.complement(List.of(wide)).get(0)) {
            return new PrincipalSubspace(linalg.concatColumns(wide, complement), columns);
        }
    }

    /**
     * The leading left singular directions of each weight that hold {@code share} of Σσ², in the order of the weights;
     * the caller closes them.
     */
    public static List<PrincipalSubspace> ofWeights(Linalg linalg, List<Matrix> weights, double share) {
        return WeightSubspace.of(linalg, weights, Switches.WeightBasis.INPUT, Switches.RankRule.REACHING, share)
                .stream()
                .map(WeightSubspace::subspace)
                .toList();
    }

    /** Columns of a float64 matrix, rounded to float32. */
    private static Matrix narrow(Linalg linalg, Matrix frame, int first, int count) {
        try (Matrix columns = linalg.columns(frame, first, count)) {
            return linalg.convert(columns, ElementType.F32);
        }
    }

    /** k, the number of protected directions. */
    public int rank() {
        return basis.cols();
    }

    /** Input width of the site. */
    public int in() {
        return basis.rows();
    }

    /** M [in x k] float32, orthonormal columns; belongs to this object and is replaced when it grows. */
    public Matrix basis() {
        return basis;
    }

    /**
     * [M Q] [in x in] float64, orthogonal: the complete state to store. Belongs to this object and is replaced when it
     * grows.
     */
    public Matrix frame() {
        return frame;
    }

    /** Q [in x (in−k)] float32, orthonormal columns, MᵀQ = 0; the caller closes it. */
    public Matrix complement(Linalg linalg) {
        return narrow(linalg, frame, rank(), in() - rank());
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
     * R = G − M(MᵀG) in place of each G (paper, equation of the residual gradient). Uses the complement if that is
     * narrower, and a second pass if cancellation leaves too much of M in R.
     */
    public static void projectOut(Linalg linalg, List<Residual> batch) {
        List<Matrix> gradients = batch.stream().map(Residual::gradient).toList();
        List<Projector> projectors =
                projectors(linalg, batch.stream().map(Residual::subspace).toList());
        try {
            List<Projection> projections = IntStream.range(0, batch.size())
                    .mapToObj(i -> new Projection(projectors.get(i), gradients.get(i)))
                    .toList();
            double[] before = linalg.norms(gradients);
            linalg.projectOut(projections);
            double[] after = linalg.norms(gradients);
            linalg.projectOut(IntStream.range(0, batch.size())
                    .filter(i -> after[i] < CANCELLATION * before[i])
                    .mapToObj(projections::get)
                    .toList());
        } finally {
            release(projectors);
        }
    }

    /** I − MMᵀ of each subspace, through the complement if that is narrower; to be closed with {@link #release}. */
    static List<Projector> projectors(Linalg linalg, List<PrincipalSubspace> subspaces) {
        return subspaces.stream()
                .map(subspace -> subspace.rank() > subspace.in() / 2
                        ? Projector.onto(subspace.complement(linalg))
                        : Projector.outOf(subspace.basis))
                .toList();
    }

    /** Closes the complements; the other bases belong to the subspaces. */
    static void release(List<Projector> projectors) {
        projectors.stream()
                .filter(projector -> projector.kept() == Projector.Part.INSIDE_SPAN)
                .forEach(projector -> projector.basis().close());
    }

    /**
     * A subspace that is to grow.
     *
     * @param moment C [in x in] float64 of the new features; one matrix may serve several sites
     */
    public record Extension(PrincipalSubspace subspace, Matrix moment) {
        public Extension {
            requireWidth("PrincipalSubspace.extend", subspace, "moment", moment);
        }
    }

    /**
     * Grows each subspace by the leading eigenvectors of C' = (I−MMᵀ) C (I−MMᵀ), until the covered share 1 −
     * tr(C')/tr(C) reaches {@code share}. A subspace does not grow if it already covers the share or C is zero.
     *
     * @return how each grew, in the order of the batch
     */
    public static List<Growth> extend(Linalg linalg, List<Extension> batch, double share) {
        try (Scope scope = new Scope()) {
            List<Eigen> eigens = scope.keep(linalg.eigh(inComplements(linalg, batch, scope)));
            List<Growth> growths = growths(linalg, batch, eigens, share);
            append(linalg, batch, eigens, growths);
            return growths;
        }
    }

    /** Qᵀ C Q [(in−k) x (in−k)] of every site, kept in {@code results}: C' in coordinates of the complement. */
    private static List<Matrix> inComplements(Linalg linalg, List<Extension> batch, Scope results) {
        List<Product> halves = new ArrayList<>();
        List<Product> residuals = new ArrayList<>();
        try (Scope scope = new Scope()) {
            for (Extension extension : batch) {
                Matrix q = scope.keep(extension.subspace.exactComplement(linalg));
                Matrix half = scope.keep(linalg.zeros(q.rows(), q.cols(), ElementType.F64));
                Matrix residual = results.keep(linalg.zeros(q.cols(), q.cols(), ElementType.F64));
                halves.add(Product.of(Operand.of(extension.moment), Operand.of(q), half));
                residuals.add(Product.of(Operand.transposed(q), Operand.of(half), residual));
            }
            linalg.multiply(halves);
            linalg.multiply(residuals);
            return residuals.stream().map(Product::target).toList();
        }
    }

    /** Q [in x (in−k)] float64; the caller closes it. */
    private Matrix exactComplement(Linalg linalg) {
        return linalg.columns(frame, rank(), in() - rank());
    }

    /** The growth of each subspace from these eigenvalues of C'. */
    private static List<Growth> growths(Linalg linalg, List<Extension> batch, List<Eigen> eigens, double share) {
        List<Spectrum> spectra = IntStream.range(0, batch.size())
                .mapToObj(
                        i -> Spectrum.leftOf(batch.get(i).moment, eigens.get(i).values(), share))
                .toList();
        List<EnergyRank> added = linalg.energyRanks(spectra);
        List<Growth> growths = new ArrayList<>();
        for (int i = 0; i < added.size(); i++) {
            EnergyRank more = added.get(i);
            int rank = batch.get(i).subspace.rank();
            CumulativeEnergy energy = new CumulativeEnergy(
                    rank, more.coveredBefore(), eigens.get(i).values().toDoubles());
            growths.add(new Growth(rank, rank + more.rank(), more.coveredBefore(), more.coveredAfter(), energy));
        }
        return growths;
    }

    /** The growth of a subspace to {@code rank} by [M Q] ← [M Q·V]. */
    private record Rotation(PrincipalSubspace subspace, int rank, Product product) {}

    /**
     * [M Q] ← [M Q·V] for every subspace that grows: the leading columns of Q·V are the next directions to protect. V
     * is orthogonal to float64 rounding, so the frame stays orthonormal far below the float32 rounding of M and needs
     * no re-orthonormalising.
     */
    private static void append(Linalg linalg, List<Extension> batch, List<Eigen> eigens, List<Growth> growths) {
        List<Rotation> rotations = new ArrayList<>();
        try (Scope scope = new Scope()) {
            for (int i = 0; i < batch.size(); i++) {
                Growth growth = growths.get(i);
                if (growth.rankAfter() > growth.rankBefore()) {
                    PrincipalSubspace subspace = batch.get(i).subspace;
                    Matrix q = scope.keep(subspace.exactComplement(linalg));
                    Matrix rotated = scope.keep(linalg.zeros(q.rows(), q.cols(), ElementType.F64));
                    Operand vectors = Operand.of(eigens.get(i).vectors());
                    rotations.add(
                            new Rotation(subspace, growth.rankAfter(), Product.of(Operand.of(q), vectors, rotated)));
                }
            }
            linalg.multiply(rotations.stream().map(Rotation::product).toList());
            rotations.forEach(rotation -> rotation.subspace.rotate(linalg, rotation.product.target(), rotation.rank));
        }
    }

    private void rotate(Linalg linalg, Matrix complement, int newRank) {
        try (Matrix m = linalg.columns(frame, 0, rank())) {
            frame.close();
            frame = linalg.concatColumns(m, complement);
        }
        basis.close();
        basis = narrow(linalg, frame, 0, newRank);
    }

    @Override
    public void close() {
        frame.close();
        basis.close();
    }
}
