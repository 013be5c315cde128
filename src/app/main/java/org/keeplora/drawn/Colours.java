package org.keeplora.drawn;

import java.awt.Color;

/** Arithmetic on colours. Distances, and mixing weights, refer to channels in 0..1. */
final class Colours {
    private static final double READABLE = 0.32;
    private static final double APART = 0.6;

    private Colours() {}

    /**
     * The colour with this angle (modulo 1 around the colour circle), saturation and brightness (both clamped to 0..1).
     */
    static Color of(double angle, double saturation, double brightness) {
        return Color.getHSBColor((float) angle, (float) cut(saturation), (float) cut(brightness));
    }

    static Color any(Chance chance) {
        return of(chance.between(0, 1), chance.between(0, 1), chance.between(0.05, 1));
    }

    /** A random colour that is clearly lighter or darker than {@code ground}. */
    static Color readableOn(Color ground, Chance chance) {
        Color colour = any(chance);
        double target = light(ground) < 0.5
                ? chance.between(Math.min(0.95, light(ground) + READABLE), 1)
                : chance.between(0, Math.max(0.05, light(ground) - READABLE));
        return toLight(colour, target);
    }

    /** A random colour far from {@code colour}: lighter, darker or of another hue. */
    static Color apartFrom(Color colour, Chance chance) {
        Color other = any(chance);
        while (distance(other, colour) < APART) {
            other = any(chance);
        }
        return other;
    }

    /** {@code colour} mixed with white or scaled to black until its {@link #light} is {@code target}. */
    static Color toLight(Color colour, double target) {
        double light = light(colour);
        return light < target
                ? mix(colour, Color.WHITE, (target - light) / (1 - light))
                : mix(colour, Color.BLACK, 1 - target / Math.max(light, 1e-6));
    }

    /** The perceived lightness, 0..1 (weights of ITU-R BT.601). */
    static double light(Color colour) {
        return (0.299 * colour.getRed() + 0.587 * colour.getGreen() + 0.114 * colour.getBlue()) / 255;
    }

    /** (1 − weight)·a + weight·b, weight clamped to 0..1. */
    static Color mix(Color a, Color b, double weight) {
        return new Color(blend(a.getRGB(), b.getRGB(), weight));
    }

    /** The same on packed RGB. */
    static int blend(int a, int b, double weight) {
        int part = (int) (cut(weight) * 256);
        int redBlue = (a & 0xff00ff) * (256 - part) + (b & 0xff00ff) * part >>> 8 & 0xff00ff;
        int green = (a & 0xff00) * (256 - part) + (b & 0xff00) * part >>> 8 & 0xff00;
        return redBlue | green;
    }

    /** Euclidean distance in RGB, 0..√3. */
    static double distance(Color a, Color b) {
        double red = a.getRed() - b.getRed();
        double green = a.getGreen() - b.getGreen();
        double blue = a.getBlue() - b.getBlue();
        return Math.sqrt(red * red + green * green + blue * blue) / 255;
    }

    /** Moves every channel by the same random amount, at most {@code spread}. */
    static Color jitter(Color colour, double spread, Chance chance) {
        double by = chance.between(-spread, spread);
        return by > 0 ? mix(colour, Color.WHITE, by) : mix(colour, Color.BLACK, -by);
    }

    private static double cut(double weight) {
        return Math.max(0, Math.min(1, weight));
    }
}
