package org.keeplora.method;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.keeplora.engine.Eigen;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.EnergyRank;
import org.keeplora.engine.GramUpdate;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Scope;
import org.keeplora.engine.Spectrum;

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
            Linalg linalg, List<Matrix> weights, Switches.WeightBasis side, Switches.RankRule rule, double share) {
        CumulativeEnergy.requireShare("WeightSubspace.of", share);
        weights.forEach(weight -> requireInputSided(weight, side));
        try (Scope scope = new Scope()) {
            List<GramUpdate> grams = new ArrayList<>();
            try (Scope rows = new Scope()) {
                for (Matrix weight : weights) {
                    Matrix samples = side == Switches.WeightBasis.INPUT ? rows.keep(linalg.transpose(weight)) : weight;
                    int in = samples.cols();
                    grams.add(new GramUpdate(samples, scope.keep(linalg.zeros(in, in, ElementType.F64))));
                }
                linalg.accumulateGram(grams);
            }
            List<Eigen> eigens =
                    scope.keep(linalg.eigh(grams.stream().map(GramUpdate::gram).toList()));
            return leading(linalg, eigens, rule, share);
        }
    }

    private static void requireInputSided(Matrix weight, Switches.WeightBasis side) {
        if (side == Switches.WeightBasis.OUTPUT && weight.rows() != weight.cols()) {
            throw new UnsquareWeight(weight);
        }
    }

    private static List<WeightSubspace> leading(
            Linalg linalg, List<Eigen> eigens, Switches.RankRule rule, double share) {
        List<EnergyRank> reaching = linalg.energyRanks(
                eigens.stream().map(eigen -> Spectrum.of(eigen.values(), share)).toList());
        List<Growth> growths = new ArrayList<>();
        for (int i = 0; i < eigens.size(); i++) {
            double[] values = eigens.get(i).values().toDoubles();
            int rank = Math.min(rule.count(reaching.get(i).rank()), values.length);
            double before = reaching.get(i).coveredBefore();
            CumulativeEnergy energy = new CumulativeEnergy(0, before, values);
            growths.add(new Growth(0, rank, before, energy.share(rank), energy));
        }
        List<PrincipalSubspace> leading = AllOrNone.map(
                IntStream.range(0, eigens.size()).boxed().toList(),
                i -> PrincipalSubspace.leading(
                        linalg, eigens.get(i).vectors(), growths.get(i).rankAfter()));
        return IntStream.range(0, leading.size())
                .mapToObj(i -> new WeightSubspace(leading.get(i), growths.get(i)))
                .toList();
    }
}
