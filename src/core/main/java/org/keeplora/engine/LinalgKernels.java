package org.keeplora.engine;

import java.util.List;
import java.util.OptionalLong;
import org.bytedeco.javacpp.Pointer;
import org.keeplora.engine.OperandCheck.Values;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.Assembly;
import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.EnergyRank;
import org.keeplora.engine.internal.Factors;
import org.keeplora.engine.internal.GramUpdate;
import org.keeplora.engine.internal.LeadingEigen;
import org.keeplora.engine.internal.LowRank;
import org.keeplora.engine.internal.LowRankFactors;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Spectrum;
import org.keeplora.engine.internal.Svd;

/** The operations of a backend. {@link Linalg} documents them and checks the arguments; a kernel only computes. */
interface LinalgKernels extends AutoCloseable {
    String name();

    int threads();

    /** Where operands and results lie. */
    Place place();

    /** Address of the stream on which a GPU computes; empty on the host. */
    OptionalLong stream();

    /** New memory for a matrix at {@link #place}, not initialised. */
    Matrix uninitialized(int rows, int cols, ElementType type);

    /**
     * A matrix over memory of the caller at {@link #place}, which holds enough elements.
     *
     * @param lender stream on which the caller uses it, or empty for any; of no meaning on the host
     */
    Matrix wrap(int rows, int cols, ElementType type, Pointer memory, OptionalLong lender);

    /** Index of the first operand with an element that is NaN or beyond its limit, or the size of the list. */
    int firstBeyond(List<Values> operands);

    void multiply(List<Product> batch);

    List<Matrix> products(List<Factors> batch);

    void projectOut(List<Projection> batch);

    List<Matrix> complement(List<Matrix> bases);

    void accumulateGram(List<GramUpdate> batch);

    void mirror(List<Matrix> batch);

    void addTransposes(List<Matrix> squares);

    List<Eigen> eigh(List<Matrix> batch);

    List<Eigen> leadingEigh(List<LeadingEigen> batch);

    List<Svd> svd(List<Matrix> batch);

    List<LowRankFactors> lowRank(List<LowRank> batch);

    void orthonormalize(List<Matrix> batch);

    List<EnergyRank> energyRanks(List<Spectrum> batch);

    void add(List<Addition> batch);

    double[] traces(List<Matrix> batch);

    List<double[]> toHost(List<Matrix> batch);

    double[] norms(List<Matrix> batch);

    double[] largestMagnitudes(List<Matrix> batch);

    /** Of each square matrix. */
    List<Asymmetry> asymmetries(List<Matrix> batch);

    /** Largest |m − mᵀ| and largest |m| of an element of a matrix m. */
    record Asymmetry(double difference, double largest) {}

    List<Matrix> assemble(List<Assembly> batch);

    default Matrix assemble(Assembly problem) {
        return assemble(List.of(problem)).get(0);
    }

    Matrix transpose(Matrix matrix);

    @Override
    void close();
}
