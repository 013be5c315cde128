package org.keeplora.drawn;

/**
 * Limits for the variation of light and camera; each picture draws its own values within them.
 *
 * @param brightness the whole picture is multiplied by 1 ± this
 * @param slope one edge is lighter than the middle by up to this factor, the opposite one darker
 * @param tint each channel is multiplied separately by 1 ± this
 * @param noise largest deviation of a single sample, in units of 255
 */
record Exposure(double brightness, double slope, double tint, double noise) {
    private static final int CHANNELS = 3;
    private static final int NOISE_BITS = 10;

    /** @param pixels [size x size] packed RGB, changed in place */
    void apply(int[] pixels, int size, Chance chance) {
        double whole = chance.between(1 - brightness, 1 + brightness);
        int[] factors = new int[CHANNELS];
        for (int channel = 0; channel < CHANNELS; channel++) {
            factors[channel] = (int) (256 * whole * chance.between(1 - tint, 1 + tint));
        }
        double across = chance.between(-slope, slope) * 2 / size;
        double down = chance.between(-slope, slope) * 2 / size;
        int grain = (int) (chance.between(0, noise) * 255);
        for (int row = 0, at = 0; row < size; row++) {
            for (int column = 0; column < size; column++, at++) {
                int light = (int) (256 * (1 + across * (column - size / 2) + down * (row - size / 2)));
                pixels[at] = exposed(pixels[at], factors, light, chance.bits(), grain);
            }
        }
    }

    private static int exposed(int rgb, int[] factors, int light, long bits, int grain) {
        int result = 0;
        for (int channel = 0; channel < CHANNELS; channel++) {
            int shift = 8 * (CHANNELS - 1 - channel);
            int sample = (rgb >> shift & 0xff) * factors[channel] * light >> 16;
            int noisy = sample + (grain * triangular(bits >>> 2 * NOISE_BITS * channel) >> NOISE_BITS);
            result |= Math.max(0, Math.min(255, noisy)) << shift;
        }
        return result;
    }

    /** Sum of two uniform numbers, -2¹⁰..2¹⁰; small values are more likely. */
    private static int triangular(long bits) {
        int mask = (1 << NOISE_BITS) - 1;
        return (int) (bits & mask) + (int) (bits >>> NOISE_BITS & mask) - mask;
    }
}
