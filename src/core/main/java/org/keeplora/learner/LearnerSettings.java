package org.keeplora.learner;

import org.keeplora.engine.ElementType;
import org.keeplora.engine.internal.Require;
import org.keeplora.method.Switches;

/**
 * The settings of a learner that all sites share.
 *
 * @param rank r
 * @param alpha the adapters' scale is alpha / r
 * @param seed of the adapters' starts
 * @param inputProducts type of the products of inputs, {@link LearnerBuilder#inputProducts}
 */
record LearnerSettings(
        int rank,
        double alpha,
        long seed,
        Switches.WeightBasis weightBasis,
        Switches.RankRule rankRule,
        Switches.StartB startB,
        ElementType inputProducts) {
    LearnerSettings {
        Require.that(rank >= 1, "rank is %d; it must be at least 1", rank);
        Require.that(
                inputProducts == ElementType.F64 || inputProducts == ElementType.F32,
                "inputProducts are %s; they must be F64 or F32",
                inputProducts);
        Require.that(Double.isFinite(alpha) && alpha > 0, "alpha is %s; it must be above 0", alpha);
    }

    /** s of {@code site}; r is the learner's rank, also where the site has fewer free directions. */
    double scale(Site site) {
        return alpha / rank * site.scaleFactor();
    }
}
