package org.keeplora.drawn;

/**
 * Random values at the points of an infinite grid, and a smooth surface through them.
 *
 * @param seed another seed gives another surface
 */
record Noise(long seed) {
    /** The value 0..1 of grid point ({@code column}, {@code row}). */
    double of(int column, int row) {
        long tuple = (long) column << Integer.SIZE | row & 0xffffffffL;
        return (PictureSeed.mix(seed ^ tuple) >>> 11) * 0x1p-53;
    }

    /** The surface 0..1 at (x, y): the values of the four surrounding grid points, blended with zero slope at each. */
    double at(double x, double y) {
        int column = (int) Math.floor(x);
        int row = (int) Math.floor(y);
        double right = ease(x - column);
        double down = ease(y - row);
        double above = blend(of(column, row), of(column + 1, row), right);
        double below = blend(of(column, row + 1), of(column + 1, row + 1), right);
        return blend(above, below, down);
    }

    private static double ease(double share) {
        return share * share * (3 - 2 * share);
    }

    private static double blend(double a, double b, double share) {
        return a + (b - a) * share;
    }
}
