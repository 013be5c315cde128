package org.keeplora.drawn;

import java.awt.Color;

/** The common parts of places seen from above: colours and open land. */
final class Terrain {
    static final Color LEAVES = new Color(0x4a7a3a);
    static final Color SHADE = new Color(0x1d3a20);
    static final Color GRASS = new Color(0x7da35a);
    static final Color SOIL = new Color(0x9a7d55);
    static final Color SAND = new Color(0xe2cf9c);
    static final Color WATER = new Color(0x2f6690);
    static final Color SHALLOWS = new Color(0x5b9bb8);
    static final Color ASPHALT = new Color(0x6c6c70);
    static final Color CONCRETE = new Color(0xa9a59c);

    /** Places extend at least this far from the middle, so that they can be rotated and seen from higher up. */
    static final double EDGE = 2.2;

    private Terrain() {}

    static Named<Figure> place(String name, Figure figure) {
        return new Named<>(name, name, figure);
    }

    /** A little lighter or darker than {@code colour}. */
    static Color shade(Pen pen, Color colour) {
        return Colours.jitter(colour, 0.12, pen.chance());
    }

    /** Covers everything with a cloudy mix; {@code spots} spots per unit of length. */
    static void mottle(Pen pen, Color a, Color b, double spots) {
        pen.everywhere(Ground.mottled(shade(pen, a), shade(pen, b), spots, pen.chance()));
    }

    /** Covers everything with meadow, wood or soil. */
    static void land(Pen pen) {
        Chance chance = pen.chance();
        Color one = Colours.mix(GRASS, SOIL, chance.between(0, 1));
        Color two = Colours.mix(LEAVES, GRASS, chance.between(0, 1));
        mottle(pen, one, two, chance.between(1, 4));
    }
}
