package org.keeplora.learner;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.keeplora.engine.internal.Require;

/**
 * One linear map of a network that is adapted, y = x·W.
 *
 * @param name the caller's, unique; it stands in messages and files
 * @param in width of x, the rows of W [in x out]
 * @param out width of y, the columns of W
 * @param input name of what the map reads. Maps that read the same x, as query, key and value do, give one name; the
 *     inputs are then added once and serve all of them
 * @param weightEnergy ε_w, the share of Σσ² of the pre-trained W that is protected, in [0, 1]
 * @param featureEnergy ε_f, the share of the energy of each task's inputs that is protected, in [0, 1]; 0 protects
 *     none, and no inputs are needed
 * @param scaleFactor factor of the adapter's scale alpha / r
 */
public record Site(
        String name, int in, int out, String input, double weightEnergy, double featureEnergy, double scaleFactor) {
    public Site {
        Names.require("site", name);
        Names.require("input of site " + name, input);
        Require.that(in >= 1 && out >= 1, "site %s: it is [%d x %d]; both widths must be at least 1", name, in, out);
        requireShare(name, "weightEnergy", weightEnergy);
        requireShare(name, "featureEnergy", featureEnergy);
        Require.that(
                Double.isFinite(scaleFactor) && scaleFactor > 0,
                "site %s: scaleFactor is %s; it must be above 0",
                name,
                scaleFactor);
    }

    private static void requireShare(String name, String which, double share) {
        Require.that(share >= 0 && share <= 1, "site %s: %s is %s; it must lie in [0, 1]", name, which, share);
    }

    /** This site, reading {@code input}. */
    public Site withInput(String input) {
        return new Site(name, in, out, input, weightEnergy, featureEnergy, scaleFactor);
    }

    /** This site with its own ε_w. */
    public Site withWeightEnergy(double share) {
        return new Site(name, in, out, input, share, featureEnergy, scaleFactor);
    }

    /** This site with its own ε_f. */
    public Site withFeatureEnergy(double share) {
        return new Site(name, in, out, input, weightEnergy, share, scaleFactor);
    }

    /** This site with its own factor of the scale. */
    public Site withScaleFactor(double factor) {
        return new Site(name, in, out, input, weightEnergy, featureEnergy, factor);
    }

    /** Sites that read one input have one width. */
    static void requireSharedInputs(Collection<Site> sites) {
        Map<String, Site> first = new HashMap<>();
        for (Site site : sites) {
            Site other = first.putIfAbsent(site.input, site);
            Require.that(
                    other == null || other.in == site.in,
                    "site %s: it reads input %s, %d wide, but site %s reads it %d wide",
                    site.name,
                    site.input,
                    site.in,
                    other == null ? "" : other.name,
                    other == null ? 0 : other.in);
        }
    }
}
