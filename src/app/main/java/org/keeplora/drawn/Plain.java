package org.keeplora.drawn;

import java.awt.Color;
import java.awt.geom.AffineTransform;
import java.util.List;
import java.util.function.Function;

/** The style of the general pictures: flat colours on a flat ground, upright, large and centred. */
final class Plain {
    private static final Placement FIGURE = new Placement(0.5, 0.68, 0.85, 0.08, 0.06);
    private static final Exposure EXPOSURE = new Exposure(0.05, 0.03, 0, 0.02);
    private static final double BENT = 0.02;

    private Plain() {}

    static List<Concept> figures(List<Named<Figure>> figures, Phrases phrases) {
        return figures.stream()
                .map(named -> Concept.of(named, phrases, (canvas, choice) -> figure(canvas, choice, named.thing())))
                .toList();
    }

    static List<Concept> glyphs(List<Named<Outline>> glyphs, Phrases phrases) {
        return glyphs.stream()
                .map(named -> Concept.of(named, phrases, (canvas, choice) -> glyph(canvas, choice, named.thing())))
                .toList();
    }

    static List<Concept> textures(List<Named<Function<Chance, Pattern>>> textures) {
        return textures.stream()
                .map(named ->
                        Concept.of(named, Phrases.TEXTURE, (canvas, choice) -> texture(canvas, choice, named.thing())))
                .toList();
    }

    static List<Concept> places(List<Named<Figure>> places) {
        return places.stream()
                .map(named -> Concept.of(named, Phrases.PLACE, (canvas, choice) -> place(canvas, named.thing())))
                .toList();
    }

    private static void figure(Canvas canvas, Choice choice, Figure figure) {
        Chance chance = canvas.chance();
        Color ground = choice.other().shade(chance);
        canvas.fillAll(ground);
        Ink ink = Ink.flat(choice.colour().shade(chance), ground, chance);
        for (AffineTransform cell : Cells.of(choice.count(), chance)) {
            AffineTransform frame = new AffineTransform(cell);
            frame.concatenate(FIGURE.frame(chance));
            figure.draw(new Pen(canvas, frame, Warp.of(BENT, chance), ink));
        }
        canvas.expose(EXPOSURE);
    }

    private static void glyph(Canvas canvas, Choice choice, Outline glyph) {
        double width = canvas.chance().between(0.16, 0.26);
        figure(canvas, choice, pen -> pen.line(pen.main(), width, glyph));
    }

    private static void texture(Canvas canvas, Choice choice, Function<Chance, Pattern> making) {
        Chance chance = canvas.chance();
        Pattern pattern = making.apply(chance);
        double repeats = chance.between(1.9, 2.6);
        double right = chance.between(0, 1);
        double down = chance.between(0, 1);
        int marks = choice.colour().shade(chance).getRGB();
        int between = choice.other().shade(chance).getRGB();
        double sharpness = 1 / (repeats * canvas.pixel());
        canvas.paint((x, y) -> Colours.blend(
                between, marks, 0.5 + sharpness * pattern.depth(x * repeats + right, y * repeats + down)));
        canvas.expose(EXPOSURE);
    }

    private static void place(Canvas canvas, Figure place) {
        Color white = Color.WHITE;
        place.draw(new Pen(
                canvas, new AffineTransform(), Warp.of(BENT, canvas.chance()), new Ink(white, white, white, white)));
        canvas.expose(EXPOSURE);
    }
}
