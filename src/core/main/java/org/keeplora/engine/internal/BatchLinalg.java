package org.keeplora.engine.internal;

import java.util.List;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.NonFiniteInput;
import org.keeplora.engine.ShapeMismatch;

/**
 * The linear algebra of the method, batch-first: every operation takes one problem per site, checks all of them, then
 * hands the batch to the backend. An empty batch does nothing. Returned matrices belong to the caller.
 *
 * <p>Every operand must lie where the backend computes ({@link #place}), be finite ({@link NonFiniteInput}) and fit
 * ({@link ShapeMismatch}). One that is written shares no memory with another operand of the batch. Nothing is written
 * before all checks of the batch have passed. A method that fails leaves nothing open.
 */
public non-sealed interface BatchLinalg extends Linalg {
    /** As {@link Linalg#open(BackendChoice, int)}. */
    static BatchLinalg open(BackendChoice choice, int threads) {
        return of(Linalg.open(choice, threads));
    }

    /** As {@link Linalg#open(BackendChoice, int, long)}. */
    static BatchLinalg open(BackendChoice choice, int threads, long stream) {
        return of(Linalg.open(choice, threads, stream));
    }

    /** The operations of {@code linalg}. */
    static BatchLinalg of(Linalg linalg) {
        return (BatchLinalg) linalg; // every Linalg is one
    }

    /**
     * The same operations for operands that are known to be finite and small enough: elements are not looked at, which
     * on a GPU spares a wait for every operation. To close one closes both.
     */
    BatchLinalg trusting();

    /** target ← alpha · left · right + beta · target, for every product of the batch; all three of one type. */
    void multiply(List<Product> batch);

    /** left · right as a new matrix, for every pair of factors of the batch. */
    List<Matrix> products(List<Factors> batch);

    /**
     * Projects every target in place (paper, equation of the residual gradient). A target of which little is left is
     * projected twice, see {@link Projection#CANCELLATION}.
     */
    void projectOut(List<Projection> batch);

    /**
     * Orthonormal bases [in x (in−k)] of the orthogonal complements of the bases [in x k], of the same type, by
     * Householder reflections.
     *
     * @param bases orthonormal columns, k ≤ in
     */
    List<Matrix> complement(List<Matrix> bases);

    /**
     * gram ← gram + samplesᵀ · samples in gram's upper triangle; {@link #mirror} completes it after the last update.
     * Narrower samples, also half precision, are widened block by block, never as a whole copy.
     */
    void accumulateGram(List<GramUpdate> batch);

    /** The lower triangle of each float64 square matrix ← its upper one. */
    void mirror(List<Matrix> batch);

    /** Each float64 square ← square + squareᵀ, symmetric to the bit. */
    void addTransposes(List<Matrix> squares);

    /**
     * Eigen-decompositions of symmetric matrices [n x n], computed in float64. Only one triangle is read;
     * {@link #requireSymmetric} refuses what a caller gives.
     */
    List<Eigen> eigh(List<Matrix> batch);

    /**
     * The leading eigenpairs of each problem: values [p x 1] and vectors [n x p], with the least p whose values sum to
     * the energy. The span of the vectors is that of {@link #eigh} up to an angle of sine 1e-5, unless eigenvalues at
     * the cut are equal. The work grows with p. No pairs for a problem that {@link #eigh} solves faster, or whose
     * pairs this way is not sure of.
     */
    List<Eigen> leadingEigh(List<LeadingEigen> batch);

    /**
     * Requires that each matrix is square, finite and symmetric up to rounding.
     *
     * @param name of the operation and its operand, for the message
     * @return the largest magnitude of an element of each
     * @throws IllegalArgumentException naming the largest difference of a matrix from its transpose
     */
    double[] requireSymmetric(String name, List<Matrix> batch);

    /** Thin singular value decompositions, in the matrices' own precision. */
    List<Svd> svd(List<Matrix> batch);

    /**
     * The leading singular triples of each matrix, or of its projection, by a seeded, randomised range finder that uses
     * only matrix products with the matrix. {@link LowRankFactors#left} is orthonormal even if the matrix has smaller
     * rank.
     */
    List<LowRankFactors> lowRank(List<LowRank> batch);

    /**
     * Makes the columns of each matrix [m x n], n ≤ m, orthonormal in place. The new span contains the former one;
     * independent columns do not change their sign.
     */
    void orthonormalize(List<Matrix> batch);

    /**
     * For every spectrum the smallest rank p ≥ 0 with covered + Σ_{i≤p} energies_i ≥ share · total. Here covered is the
     * total minus the sum of all energies. All energies if none reaches it; none if the total is 0.
     */
    List<EnergyRank> energyRanks(List<Spectrum> batch);

    /** target ← target + factor · term, for every addition of the batch. */
    void add(List<Addition> batch);

    /** The trace of each float64 square matrix. */
    double[] traces(List<Matrix> batch);

    /** The elements of each float64 matrix, row by row, brought to the host together. */
    List<double[]> toHost(List<Matrix> batch);

    /** Frobenius norm ‖matrix‖ of each matrix. */
    double[] norms(List<Matrix> batch);

    /** Largest magnitude of an element of each matrix, 0 for an empty matrix. */
    double[] largestMagnitudes(List<Matrix> batch);

    /**
     * The elements of {@code matrix} in their order as a matrix [rows x cols], without a copy; to be closed before it.
     */
    Matrix reshaped(Matrix matrix, int rows, int cols);

    /** New matrices of columns of others, converted to one type. */
    List<Matrix> assemble(List<Assembly> batch);

    /** As {@link #convert(Matrix, ElementType)}, for every matrix of the batch. */
    List<Matrix> convert(List<Matrix> batch, ElementType type);

    /** A new matrix of {@code count} columns from column {@code first} on. */
    Matrix columns(Matrix matrix, int first, int count);

    /** A new, transposed matrix. */
    Matrix transpose(Matrix matrix);

    /**
     * A new matrix of type {@code type}; rounded if the type is narrower.
     *
     * @param type float32 or float64
     */
    Matrix convert(Matrix matrix, ElementType type);
}
