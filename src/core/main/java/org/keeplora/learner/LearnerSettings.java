package org.keeplora.learner;

import org.keeplora.engine.internal.Require;
import org.keeplora.method.Switches;

/**
 * The settings of a learner that all sites share.
 *
 * @param rank r
 * @param alpha the adapters' scale is alpha / r
 * @param seed of the adapters' starts
 */
record LearnerSettings(
        int rank,
        double alpha,
        long seed,
        Switches.WeightBasis weightBasis,
        Switches.RankRule rankRule,
        Switches.StartB startB) {
    LearnerSettings {
        Require.that(rank >= 1, "rank is %d; it must be at least 1", rank);
        Require.that(Double.isFinite(alpha) && alpha > 0, "alpha is %s; it must be above 0", alpha);
    }

    /** s of {@code site}; r is the learner's rank, also where the site has fewer free directions. */
    double scale(Site site) {
        return alpha / rank * site.scaleFactor();
    }
}
