package org.keeplora.report;

/**
 * The size of a test set, which determines how far an accuracy on it can be trusted.
 *
 * @param images at least 1
 * @param classes at least 1
 */
public record TestSet(int images, int classes) {
    private static final double PERCENT = 100;

    /** Quantile of the normal distribution that leaves 2.5 % on either side. */
    static final double Z = 1.959964;

    public TestSet {
        if (images < 1 || classes < 1) {
            throw new IllegalArgumentException(
                    "test set: " + images + " images of " + classes + " classes; needs at least one of each");
        }
    }

    /** Percent that guessing classifies correctly: 100 / classes. */
    double chance() {
        return PERCENT / classes;
    }

    /**
     * Half the width of the 95 % interval of an accuracy of {@code percent} (Wilson 1927), in points: 3.1 for 50 % of
     * 1000 images. Unlike the textbook's p ± z √(p(1-p)/n) it is not 0 when all images or none were classified
     * correctly.
     */
    double margin(double percent) {
        double p = percent / PERCENT;
        double z2 = Z * Z / images;
        return PERCENT * Z / (1 + z2) * Math.sqrt(p * (1 - p) / images + z2 / (4 * images));
    }
}
