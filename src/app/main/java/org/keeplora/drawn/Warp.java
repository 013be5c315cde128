package org.keeplora.drawn;

/**
 * A smooth bending of the plane; parts of a figure stay together.
 *
 * @param amount about the largest displacement of a point
 * @param phases four angles that distinguish one bending from another
 */
record Warp(double amount, double[] phases) {
    private static final double LONG = 2.1;
    private static final double SHORT = 4.3;

    static Warp of(double most, Chance chance) {
        double[] phases = new double[4];
        for (int i = 0; i < phases.length; i++) {
            phases[i] = chance.between(0, 2 * Math.PI);
        }
        return new Warp(chance.between(0, most), phases);
    }

    /** @param points x y x y ..., moved in place */
    void apply(double[] points) {
        if (amount == 0) {
            return;
        }
        for (int i = 0; i < points.length; i += 2) {
            double x = points[i];
            double y = points[i + 1];
            points[i] += amount * (Math.sin(LONG * y + phases[0]) + 0.4 * Math.sin(SHORT * x + phases[1]));
            points[i + 1] += amount * (Math.sin(LONG * x + phases[2]) + 0.4 * Math.sin(SHORT * y + phases[3]));
        }
    }
}
