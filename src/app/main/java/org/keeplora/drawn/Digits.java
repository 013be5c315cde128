package org.keeplora.drawn;

import java.awt.Color;
import java.awt.geom.AffineTransform;

/** Digits written by hand: slanted, shaky, thick or thin, in any colours on any ground. */
final class Digits {
    static final Domain DOMAIN = new Domain(
            "digits",
            "the digit {} written by hand.",
            Glyphs.DIGITS.stream()
                    .map(digit -> digit.<Drawing>with(canvas -> draw(canvas, digit.thing())))
                    .toList(),
            Plain.glyphs(Glyphs.DIGITS, Phrases.DIGIT));

    private static final Placement PLACEMENT = new Placement(0.9, 0.5, 0.9, 0.3, 0.2);
    private static final Exposure EXPOSURE = new Exposure(0.15, 0.2, 0.05, 0.12);

    private Digits() {}

    private static void draw(Canvas canvas, Outline digit) {
        Chance chance = canvas.chance();
        Color ground = Colours.any(chance);
        Ground.any(canvas, ground);
        AffineTransform frame = PLACEMENT.frame(chance);
        frame.shear(chance.between(-0.5, 0.2), 0);
        Color ink = Colours.readableOn(ground, chance);
        Pen pen = new Pen(canvas, frame, Warp.of(0.12, chance), new Ink(ink, ink, ink, ground));
        double width = chance.between(0.1, 0.3);
        pen.line(ink, width, digit);
        if (width > 0.2 && chance.happens(0.4)) { // written with a hollow line
            pen.line(Colours.mix(ink, ground, 0.7), width * 0.45, digit);
        }
        canvas.expose(EXPOSURE);
    }
}
