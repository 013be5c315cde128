package org.keeplora.drawn;

import java.awt.Color;
import java.awt.geom.Path2D;

/** Backgrounds of figures. */
final class Ground {
    private Ground() {}

    /**
     * Any of the four kinds below, around {@code colour}; every colour in it is closer to {@code colour} than a
     * readable ink is.
     */
    static void any(Canvas canvas, Color colour) {
        Chance chance = canvas.chance();
        Color other = Colours.jitter(colour, 0.25, chance);
        switch (chance.count(0, 3)) {
            case 0 -> canvas.fillAll(colour);
            case 1 -> gradient(canvas, colour, other, chance.between(0, 2 * Math.PI));
            case 2 -> mottled(canvas, colour, other, chance.between(1.5, 8));
            default -> clutter(canvas, colour, chance.count(3, 7));
        }
    }

    /**
     * A gradient {@code from} one colour {@code to} another in direction {@code angle}, radians from the right,
     * clockwise.
     */
    static void gradient(Canvas canvas, Color from, Color to, double angle) {
        double across = Math.cos(angle) / 2;
        double down = Math.sin(angle) / 2;
        canvas.paint((x, y) -> Colours.blend(from.getRGB(), to.getRGB(), 0.5 + across * x + down * y));
    }

    /** A cloudy mix of two colours over the whole picture; see {@link #mottled(Color, Color, double, Chance)}. */
    static void mottled(Canvas canvas, Color a, Color b, double spots) {
        canvas.paint(mottled(a, b, spots, canvas.chance()));
    }

    /** A cloudy mix of two colours; {@code spots} spots per unit of length. */
    static Canvas.Field mottled(Color a, Color b, double spots, Chance chance) {
        Noise coarse = new Noise(chance.bits());
        Noise fine = new Noise(chance.bits());
        return (x, y) -> Colours.blend(
                a.getRGB(),
                b.getRGB(),
                0.7 * coarse.at(x * spots, y * spots) + 0.3 * fine.at(x * spots * 2.7, y * spots * 2.7));
    }

    /** Lines and patches in shades of {@code colour}. */
    static void clutter(Canvas canvas, Color colour, int pieces) {
        Chance chance = canvas.chance();
        canvas.fillAll(colour);
        for (int piece = 0; piece < pieces; piece++) {
            Path2D path = new Path2D.Double();
            path.moveTo(chance.between(-1.2, 1.2), chance.between(-1.2, 1.2));
            for (int corner = 0; corner < 2; corner++) {
                path.lineTo(chance.between(-1.2, 1.2), chance.between(-1.2, 1.2));
            }
            Color shade = Colours.jitter(colour, 0.2, chance);
            if (chance.happens(0.5)) {
                canvas.fill(path, shade);
            } else {
                canvas.stroke(path, shade, chance.between(0.03, 0.15));
            }
        }
    }
}
