package org.keeplora.engine;

import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.Assembly;
import org.keeplora.engine.internal.Assembly.Columns;
import org.keeplora.engine.internal.Factors;
import org.keeplora.engine.internal.GramUpdate;
import org.keeplora.engine.internal.LeadingEigen;
import org.keeplora.engine.internal.LowRank;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Projector;
import org.keeplora.engine.internal.Require;
import org.keeplora.engine.internal.Spectrum;

/** What operations on batches of problems require of each problem. */
final class ProblemOperands {
    private ProblemOperands() {}

    static void product(Product problem, OperandCheck operands) {
        Operand left = problem.left();
        Operand right = problem.right();
        Matrix target = problem.target();
        Check.shapes(
                left.cols() == right.rows() && target.rows() == left.rows() && target.cols() == right.cols(),
                "multiply: left is %s, right is %s, target is %s; left's columns must be right's rows, and the target"
                        + " left's rows x right's columns",
                left,
                right,
                target);
        Require.that(
                Double.isFinite(problem.alpha()) && Double.isFinite(problem.beta()),
                "multiply: alpha is %s and beta is %s; both must be finite",
                problem.alpha(),
                problem.beta());
        Check.sameType("multiply", left.matrix(), right.matrix());
        Check.sameType("multiply", left.matrix(), target);
        operands.read("left", left.matrix()).read("right", right.matrix());
        if (problem.beta() != 0) {
            operands.updated("target", target, target.type().largest());
        } else {
            operands.written("target", target);
        }
    }

    static void factors(Factors problem, OperandCheck operands) {
        Operand left = problem.left();
        Operand right = problem.right();
        Check.shapes(
                left.cols() == right.rows(),
                "products: left is %s but right is %s; left's columns must be right's rows",
                left,
                right);
        Check.sameType("products", left.matrix(), right.matrix());
        operands.read("left", left.matrix()).read("right", right.matrix());
    }

    static void assembly(Assembly problem, OperandCheck operands) {
        for (Columns part : problem.parts()) {
            Matrix matrix = part.matrix();
            operands.anyType("part", matrix);
            SingleOperand.columns(matrix, part.first(), part.count(), operands);
            Check.shapes(
                    matrix.rows() == problem.rows(),
                    "assemble: part is %s but the first has %d rows; rows must agree",
                    matrix,
                    problem.rows());
            Require.that(
                    !problem.type().isHalf() || matrix.type() == problem.type(),
                    "assemble: type is %s but part is %s; nothing is rounded to half precision",
                    problem.type(),
                    matrix);
        }
    }

    /**
     * Sums of products with a column of length 1 are at most the norm of the target's column, √rows times its largest
     * element; the factor 2 is for the subtraction.
     */
    static void projection(Projection problem, OperandCheck operands) {
        Matrix basis = problem.basis();
        Matrix target = problem.target();
        Check.shapes(
                basis.rows() == target.rows(),
                "projectOut: basis is %s but target is %s; rows must agree (the layer's input width)",
                basis,
                target);
        Check.sameType("projectOut", basis, target);
        double largest = target.type().largest() / (2 * Math.sqrt(Math.max(1, target.rows())));
        operands.read("basis", basis).updated("target", target, largest);
    }

    static void addition(Addition problem, OperandCheck operands) {
        Matrix term = problem.term();
        Matrix target = problem.target();
        Check.shapes(
                term.rows() == target.rows() && term.cols() == target.cols(),
                "add: term is %s but target is %s; shapes must agree",
                term,
                target);
        Check.sameType("add", term, target);
        Require.that(Double.isFinite(problem.factor()), "add: factor is %s; it must be finite", problem.factor());
        operands.read("term", term).written("target", target);
    }

    static void gramUpdate(GramUpdate problem, OperandCheck operands) {
        Matrix samples = problem.samples();
        Matrix gram = problem.gram();
        Check.shapes(
                gram.type() == ElementType.F64 && gram.rows() == samples.cols() && gram.cols() == samples.cols(),
                "accumulateGram: samples are %s but gram is %s; gram must be float64 and square in the samples' columns",
                samples,
                gram);
        operands.samples("samples", samples, largestSample(problem))
                .updated("gram", gram, gram.type().largest() / 2);
    }

    /** Squares, in the type in which they are summed, could overflow; their sum may reach half of the largest. */
    private static double largestSample(GramUpdate problem) {
        Matrix samples = problem.samples();
        double largest = samples.type().largest();
        if (problem.isSingle()) {
            return Math.min(largest, Math.sqrt(ElementType.F32.largest() / 2 / GramUpdate.SINGLE_ROWS));
        }
        return samples.type() == ElementType.F64 ? Math.sqrt(largest / 2 / Math.max(1, samples.rows())) : largest;
    }

    static void leadingEigen(LeadingEigen problem, OperandCheck operands) {
        Matrix matrix = problem.matrix();
        SingleOperand.squareDoubles(matrix, operands);
        Require.that(
                problem.energy() > 0 && problem.energy() < Double.POSITIVE_INFINITY,
                "leadingEigh: energy is %s; it must be above 0 and finite",
                problem.energy());
    }

    static void lowRank(LowRank problem, OperandCheck operands) {
        Matrix matrix = problem.matrix();
        Check.shapes(
                problem.rank() >= 0 && problem.rank() <= Math.min(matrix.rows(), matrix.cols()),
                "lowRank: rank %d of matrix %s; it must lie between 0 and the smaller side",
                problem.rank(),
                matrix);
        Require.that(
                problem.sketch() >= problem.rank() && problem.powerIterations() >= 1,
                "lowRank: sketch %d and %d power iterations for rank %d; the sketch must be at least the rank, the"
                        + " iterations at least 1",
                problem.sketch(),
                problem.powerIterations(),
                problem.rank());
        operands.read("matrix", matrix, largestElement(matrix));
        problem.projector().map(Projector::basis).ifPresent(basis -> {
            Check.shapes(
                    basis.rows() == matrix.rows(),
                    "lowRank: basis is %s but matrix is %s; rows must agree",
                    basis,
                    matrix);
            Check.sameType("lowRank", basis, matrix);
            operands.read("basis", basis);
        });
    }

    /** Products with random signs add up a row, those with orthonormal columns the norm of a column or of all. */
    private static double largestElement(Matrix matrix) {
        return matrix.type().largest() / (4.0 * Math.max(1, Math.max(matrix.rows(), matrix.cols())));
    }

    static void spectrum(Spectrum problem, OperandCheck operands) {
        Matrix energies = problem.energies();
        Require.that(
                problem.share() >= 0 && problem.share() <= 1,
                "energyRanks: share is %s; it must lie in [0, 1]",
                problem.share());
        Check.shapes(
                energies.cols() == 1 && energies.type() == ElementType.F64,
                "energyRanks: energies are %s; they must be one float64 column",
                energies);
        operands.read("energies", energies);
        problem.moment().ifPresent(total -> {
            Check.shapes(
                    total.rows() == total.cols() && total.type() == ElementType.F64,
                    "energyRanks: moment is %s; it must be square and float64",
                    total);
            operands.read("moment", total);
        });
    }
}
