package org.keeplora.method;

import java.util.ArrayList;
import java.util.List;
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
        weights.forEach(weight -> requireInputSided(weight, side));
        List<GramUpdate> grams = new ArrayList<>();
        try (Scope scope = new Scope()) {
            for (Matrix weight : weights) {
                Matrix rows = scope.keep(
                        side == Switches.WeightBasis.INPUT
                                ? linalg.transpose(weight)
                                : linalg.convert(weight, weight.type()));
                grams.add(new GramUpdate(rows, scope.keep(linalg.zeros(rows.cols(), rows.cols(), ElementType.F64))));
            }
            linalg.accumulateGram(grams);
            return leading(
                    linalg, linalg.eigh(grams.stream().map(GramUpdate::gram).toList()), rule, share);
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
        List<WeightSubspace> leading = new ArrayList<>();
        for (int i = 0; i < eigens.size(); i++) {
            try (Matrix values = eigens.get(i).values()) {
                Matrix frame = eigens.get(i).vectors();
                int rank = Math.min(rule.count(reaching.get(i).rank()), frame.cols());
                double before = reaching.get(i).coveredBefore();
                CumulativeEnergy energy = new CumulativeEnergy(0, before, values.toDoubles());
                leading.add(new WeightSubspace(
                        PrincipalSubspace.ofFrame(linalg, frame, rank),
                        new Growth(0, rank, before, energy.share(rank), energy)));
            }
        }
        return leading;
    }
}
