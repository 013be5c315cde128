package org.keeplora.drawn;

import java.awt.Color;
import java.awt.geom.AffineTransform;
import java.util.stream.Stream;

/** Leaves and flowers as in a herbarium: at any angle, faded or fresh, on paper, cloth or soil. */
final class PressedPlants {
    static final Domain DOMAIN = new Domain(
            "plants",
            "a pressed {}.",
            Stream.concat(
                            Plants.LEAVES.stream()
                                    .map(leaf -> leaf.<Drawing>with(canvas -> leaf(canvas, leaf.thing()))),
                            Plants.FLOWERS.stream()
                                    .map(flower -> flower.<Drawing>with(canvas -> flower(canvas, flower.thing()))))
                    .toList(),
            Plain.figures(
                    Stream.concat(Plants.LEAVES.stream(), Plants.FLOWERS.stream())
                            .toList(),
                    Phrases.THING));

    private static final Placement PLACEMENT = new Placement(0.9, 0.6, 0.92, Math.PI, 0.15);
    private static final Exposure EXPOSURE = new Exposure(0.15, 0.25, 0.08, 0.12);

    private PressedPlants() {}

    private static void leaf(Canvas canvas, Figure leaf) {
        Chance chance = canvas.chance();
        Color blade = Colours.of(chance.between(0, 0.4), chance.between(0.25, 0.85), chance.between(0.3, 0.8));
        draw(canvas, leaf, blade);
    }

    private static void flower(Canvas canvas, Figure flower) {
        Chance chance = canvas.chance();
        Color petals = Colours.of(chance.between(0.7, 1.17), chance.between(0, 0.85), chance.between(0.5, 1));
        draw(canvas, flower, petals);
    }

    private static void draw(Canvas canvas, Figure plant, Color fresh) {
        Chance chance = canvas.chance();
        Color ground = Colours.of(chance.between(0, 0.7), chance.between(0, 0.35), chance.between(0.1, 1));
        Ground.any(canvas, ground);
        Color main = Math.abs(Colours.light(fresh) - Colours.light(ground)) > 0.2
                ? fresh
                : Colours.toLight(fresh, Colours.light(ground) + (Colours.light(ground) < 0.5 ? 0.3 : -0.3));
        double light = Colours.light(main);
        Color detail =
                Colours.toLight(Colours.of(chance.between(0.03, 0.15), 0.6, 0.5), light + (light < 0.4 ? 0.25 : -0.25));
        Color stem = Colours.toLight(
                Colours.of(chance.between(0.05, 0.35), 0.5, 0.5),
                Colours.light(ground) < 0.5 ? chance.between(0.5, 0.8) : chance.between(0.15, 0.35));
        AffineTransform frame = PLACEMENT.frame(chance);
        plant.draw(new Pen(canvas, frame, Warp.of(0.09, chance), new Ink(main, detail, stem, ground)));
        canvas.expose(EXPOSURE);
    }
}
