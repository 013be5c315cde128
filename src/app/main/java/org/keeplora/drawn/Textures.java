package org.keeplora.drawn;

import java.awt.Color;
import java.awt.geom.AffineTransform;
import java.util.function.Function;

/** Textures as in photographs: at any angle and distance, skewed, bent and unevenly lit. */
final class Textures {
    static final Domain DOMAIN = new Domain(
            "textures",
            "a texture of {}.",
            Patterns.ALL.stream()
                    .map(named -> named.<Drawing>with(canvas -> draw(canvas, named.thing())))
                    .toList(),
            Plain.textures(Patterns.ALL));

    private static final Exposure EXPOSURE = new Exposure(0.15, 0.35, 0.05, 0.15);

    private Textures() {}

    private static void draw(Canvas canvas, Function<Chance, Pattern> making) {
        Chance chance = canvas.chance();
        Pattern pattern = making.apply(chance);
        Color ground = Colours.any(chance);
        Color ink = Colours.readableOn(ground, chance);
        double repeats = chance.between(1.8, 3.6);
        AffineTransform frame = AffineTransform.getTranslateInstance(chance.between(-1, 1), chance.between(-1, 1));
        frame.scale(repeats, repeats * chance.between(0.8, 1.25));
        frame.rotate(chance.between(0, 2 * Math.PI));
        frame.shear(chance.between(-0.2, 0.2), 0);
        double bendAcross = chance.between(-0.25, 0.25);
        double bendDown = chance.between(-0.25, 0.25);
        double sharpness = 1 / (canvas.pixel() * repeats * chance.between(1, 1.8));
        Canvas.Field marks = Canvas.through(
                frame, (x, y) -> Colours.blend(ground.getRGB(), ink.getRGB(), 0.5 + sharpness * pattern.depth(x, y)));
        canvas.paint((x, y) -> marks.at(x + bendAcross * y * y, y + bendDown * x * x));
        canvas.expose(EXPOSURE);
    }
}
