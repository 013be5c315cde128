package org.keeplora.method;

import java.util.ArrayList;
import java.util.List;
import org.keeplora.engine.Eigen;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.EnergyRank;
import org.keeplora.engine.GramUpdate;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Spectrum;

/**
 * What pre-trained weights protect, and where their spectra were cut for it (paper, section on the principal subspace of the weights).
 *
 * @param subspaces one a weight; the caller closes them
 * @param growths one a weight, from nothing to what its subspace is
 */
public record WeightSubspaces(List<PrincipalSubspace> subspaces, List<Growth> growths) {
    public WeightSubspaces {
        subspaces = List.copyOf(subspaces);
        growths = List.copyOf(growths);
    }

    /**
     * The leading singular directions of each weight [in x out] float32 that hold {@code share} of Σσ².
     *
     * @throws UnsquareWeight for {@link WeightBasisSide#OUTPUT} of a weight that is not square
     */
    public static WeightSubspaces of(
            Linalg linalg, List<Matrix> weights, WeightBasisSide side, RankRule rule, double share) {
        List<Matrix> grams = new ArrayList<>();
        List<Matrix> transposes = new ArrayList<>();
        List<GramUpdate> updates = new ArrayList<>();
        try {
            for (Matrix weight : weights) {
                requireInputSided(weight, side);
                Matrix rows = side == WeightBasisSide.INPUT
                        ? linalg.transpose(weight)
                        : linalg.convert(weight, weight.type());
                transposes.add(rows);
                grams.add(linalg.zeros(rows.cols(), rows.cols(), ElementType.F64));
                updates.add(new GramUpdate(rows, grams.get(grams.size() - 1)));
            }
            linalg.accumulateGram(updates);
            return leading(linalg, linalg.eigh(grams), rule, share);
        } finally {
            transposes.forEach(Matrix::close);
            grams.forEach(Matrix::close);
        }
    }

    private static void requireInputSided(Matrix weight, WeightBasisSide side) {
        if (side == WeightBasisSide.OUTPUT && weight.rows() != weight.cols()) {
            throw new UnsquareWeight(weight);
        }
    }

    private static WeightSubspaces leading(Linalg linalg, List<Eigen> eigens, RankRule rule, double share) {
        List<EnergyRank> reaching = linalg.energyRanks(
                eigens.stream().map(eigen -> Spectrum.of(eigen.values(), share)).toList());
        List<PrincipalSubspace> subspaces = new ArrayList<>();
        List<Growth> growths = new ArrayList<>();
        for (int i = 0; i < eigens.size(); i++) {
            Matrix frame = eigens.get(i).vectors();
            int rank = Math.min(rule.count(reaching.get(i).rank()), frame.cols());
            subspaces.add(PrincipalSubspace.ofFrame(linalg, frame, rank));
            growths.add(growth(eigens.get(i).values(), reaching.get(i).coveredBefore(), rank));
            eigens.get(i).values().close();
        }
        return new WeightSubspaces(subspaces, growths);
    }

    private static Growth growth(Matrix energies, double before, int rank) {
        HeldEnergy held = new HeldEnergy(before, energies.toDoubles());
        return new Growth(0, rank, before, held.with(rank), held.curve(energies.rows()));
    }
}
