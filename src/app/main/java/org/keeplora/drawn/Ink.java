package org.keeplora.drawn;

import java.awt.Color;

/**
 * The colours of a figure.
 *
 * @param main of the whole figure; the colour that a caption names
 * @param detail of its inner parts: windows, veins, the middle of a flower
 * @param accent of its attached parts: wheels, stems, roofs
 * @param ground of what is visible through it
 */
record Ink(Color main, Color detail, Color accent, Color ground) {
    /** {@code main} on {@code ground}, with details and accents in shades that contrast with both. */
    static Ink flat(Color main, Color ground, Chance chance) {
        double light = Colours.light(main);
        Color detail = Colours.toLight(main, light < 0.5 ? chance.between(0.8, 0.95) : chance.between(0.15, 0.3));
        Color accent = Colours.light(ground) > 0.4
                ? Colours.toLight(main, light * chance.between(0.4, 0.6))
                : Colours.toLight(main, light + (1 - light) * chance.between(0.4, 0.6));
        return new Ink(main, detail, accent, ground);
    }
}
