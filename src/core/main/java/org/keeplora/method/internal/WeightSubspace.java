package org.keeplora.method.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.EnergyRank;
import org.keeplora.engine.internal.GramUpdate;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.engine.internal.Spectrum;
import org.keeplora.method.CumulativeEnergy;
import org.keeplora.method.Growth;
import org.keeplora.method.Switches;

/**
 * The protected subspace of one pre-trained weight (paper, section on the principal subspace of the weights).
 *
 * @param subspace the caller closes it
 * @param growth from the empty subspace to this one
 */
public record WeightSubspace(PrincipalSubspace subspace, Growth growth) {
    /**
     * The leading singular directions of each weight [in x out] float32 that hold {@code share} of Σσ², in the order of
     * the weights.
     *
     * @throws UnsquareWeight for {@link Switches.WeightBasis#OUTPUT} of a weight that is not square
     */
    public static List<WeightSubspace> of(
            BatchLinalg linalg, List<Matrix> weights, Switches.WeightBasis side, Switches.RankRule rule, double share) {
        return of(linalg, weights, side, rule, weight -> share);
    }

    /**
     * As {@link #of(BatchLinalg, List, Switches.WeightBasis, Switches.RankRule, double)}, with a share for each weight.
     *
     * @param shares the share of the weight with an index
     */
    public static List<WeightSubspace> of(
            BatchLinalg linalg,
            List<Matrix> weights,
            Switches.WeightBasis side,
            Switches.RankRule rule,
            IntToDoubleFunction shares) {
        IntStream.range(0, weights.size())
                .forEach(i -> EnergyShare.require("WeightSubspace.of", shares.applyAsDouble(i)));
        weights.forEach(weight -> requireInputSided(weight, side));
        List<Eigen> eigens = eigens(linalg, weights, side);
        try (ResourceScope scope = new ResourceScope()) {
            scope.keep(eigens);
            List<Growth> growths = growths(linalg, weights, eigens, rule, shares);
            List<PrincipalSubspace> subspaces = ResourceScope.handOver(made -> IntStream.range(0, weights.size())
                    .mapToObj(i -> made.keep(leading(
                            linalg,
                            weights.get(i),
                            eigens.get(i).vectors(),
                            growths.get(i).rankAfter())))
                    .toList());
            return IntStream.range(0, weights.size())
                    .mapToObj(i -> new WeightSubspace(subspaces.get(i), growths.get(i)))
                    .toList();
        }
    }

    private static void requireInputSided(Matrix weight, Switches.WeightBasis side) {
        if (side == Switches.WeightBasis.OUTPUT && weight.rows() != weight.cols()) {
            throw new UnsquareWeight(weight);
        }
    }

    /** Of WWᵀ [in x in] or, if that is smaller or the output side is wanted, of WᵀW [out x out]. */
    private static List<Eigen> eigens(BatchLinalg linalg, List<Matrix> weights, Switches.WeightBasis side) {
        try (ResourceScope scope = new ResourceScope()) {
            List<GramUpdate> grams = new ArrayList<>();
            for (Matrix weight : weights) {
                boolean ofOutputs = side == Switches.WeightBasis.OUTPUT || hasFewerOutputs(weight);
                Matrix samples = ofOutputs ? weight : scope.keep(linalg.transpose(weight));
                int n = samples.cols();
                grams.add(new GramUpdate(scope.keep(linalg.zeros(n, n, ElementType.F64)), samples));
            }
            linalg.accumulateGram(grams);
            List<Matrix> squares = grams.stream().map(GramUpdate::gram).toList();
            linalg.mirror(squares);
            return linalg.eigh(squares);
        }
    }

    private static boolean hasFewerOutputs(Matrix weight) {
        return weight.cols() < weight.rows();
    }

    private static List<Growth> growths(
            BatchLinalg linalg,
            List<Matrix> weights,
            List<Eigen> eigens,
            Switches.RankRule rule,
            IntToDoubleFunction shares) {
        List<EnergyRank> reaching = linalg.energyRanks(IntStream.range(0, eigens.size())
                .mapToObj(i -> Spectrum.of(eigens.get(i).values(), shares.applyAsDouble(i)))
                .toList());
        List<Growth> growths = new ArrayList<>();
        for (int i = 0; i < eigens.size(); i++) {
            double[] values = eigens.get(i).values().toDoubles();
            int rank = Math.min(rule.count(reaching.get(i).rank()), values.length);
            double before = reaching.get(i).coveredBefore();
            int in = weights.get(i).rows();
            CumulativeEnergy energy = new CumulativeEnergy(0, before, Arrays.copyOf(values, in));
            growths.add(new Growth(0, rank, before, energy.share(rank), Optional.of(energy)));
        }
        return growths;
    }

    /** From the eigenvectors of one weight. The leading left vectors are W·V, scaled, if V are the right ones. */
    private static PrincipalSubspace leading(BatchLinalg linalg, Matrix weight, Matrix vectors, int rank) {
        if (!hasFewerOutputs(weight)) {
            return PrincipalSubspace.leading(linalg, vectors, rank);
        }
        try (Matrix right = linalg.columns(vectors, 0, rank);
                Matrix wide = linalg.convert(weight, ElementType.F64);
                Matrix left = linalg.zeros(weight.rows(), rank, ElementType.F64)) {
            linalg.multiply(List.of(Product.of(left, Operand.of(wide), Operand.of(right))));
            linalg.orthonormalize(List.of(left));
            return PrincipalSubspace.spanOf(linalg, left);
        }
    }
}
