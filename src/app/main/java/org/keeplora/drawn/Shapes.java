package org.keeplora.drawn;

import java.awt.Color;
import java.awt.geom.AffineTransform;
import java.util.List;

/** Several shapes of one kind and colour, sketched: filled, outlined or both, on a ground of another colour. */
final class Shapes {
    private static final Named<Outline> CIRCLE =
            shape("circle", "O 0 -0.9 0.64 -0.64 0.9 0 0.64 0.64 0 0.9 -0.64 0.64 -0.9 0 -0.64 -0.64");
    private static final Named<Outline> SQUARE = shape("square", "P -0.8 -0.8 0.8 -0.8 0.8 0.8 -0.8 0.8");
    private static final Named<Outline> TRIANGLE = shape("triangle", "P 0 -0.9 0.9 0.75 -0.9 0.75");
    private static final Named<Outline> STAR = shape("star", "W 0 -1 0.24 -0.32 0.95 -0.31 0.38 0.12 0.59 0.81 0 0.4");
    private static final Named<Outline> CROSS = new Named<>(
            "cross", "crosses", Outline.of("W 0 -0.9 0.3 -0.9 0.3 -0.3 0.9 -0.3 0.9 0.3 0.3 0.3 0.3 0.9 0 0.9"));
    private static final Named<Outline> DIAMOND = shape("diamond", "P 0 -1 0.62 0 0 1 -0.62 0");

    static final Domain DOMAIN = new Domain(
            "shapes",
            "a sketch of {}.",
            List.of(
                    some(2, Hue.RED, CIRCLE),
                    some(4, Hue.RED, CIRCLE),
                    some(2, Hue.BLUE, CIRCLE),
                    some(2, Hue.RED, SQUARE),
                    some(3, Hue.BLUE, SQUARE),
                    some(1, Hue.GREEN, TRIANGLE),
                    some(3, Hue.GREEN, TRIANGLE),
                    some(1, Hue.PURPLE, STAR),
                    some(3, Hue.YELLOW, STAR),
                    some(2, Hue.PURPLE, CROSS),
                    some(4, Hue.YELLOW, CROSS),
                    some(1, Hue.GREEN, DIAMOND)),
            Plain.figures(
                    List.of(CIRCLE, SQUARE, TRIANGLE, STAR, CROSS, DIAMOND).stream()
                            .map(shape -> shape.<Figure>with(pen -> pen.fill(pen.main(), shape.thing())))
                            .toList(),
                    Phrases.SHAPE));

    private static final Placement PLACEMENT = new Placement(0.8, 0.45, 0.85, 0.3, 0.12);
    private static final Exposure EXPOSURE = new Exposure(0.12, 0.2, 0.05, 0.1);

    private Shapes() {}

    private enum Fill {
        SOLID,
        OUTLINE,
        TINTED
    }

    private static Named<Outline> shape(String name, String outline) {
        return Named.of(name, Outline.of(outline));
    }

    private static Named<Drawing> some(int count, Hue hue, Named<Outline> shape) {
        String name =
                Phrases.COUNTS.get(count - 1) + " " + hue.word() + " " + (count == 1 ? shape.name() : shape.plural());
        return new Named<>(name, name, canvas -> draw(canvas, count, hue, shape.thing()));
    }

    private static void draw(Canvas canvas, int count, Hue hue, Outline shape) {
        Chance chance = canvas.chance();
        Color colour = hue.shade(chance);
        Color ground = Colours.apartFrom(colour, chance);
        Ground.any(canvas, ground);
        Fill fill = chance.oneOf(List.of(Fill.values()));
        AffineTransform turn = AffineTransform.getRotateInstance(chance.between(-0.25, 0.25));
        for (AffineTransform cell : Cells.of(count, chance)) {
            AffineTransform frame = new AffineTransform(turn);
            frame.concatenate(cell);
            frame.concatenate(PLACEMENT.frame(chance));
            Pen pen = new Pen(canvas, frame, Warp.of(0.08, chance), new Ink(colour, colour, colour, ground));
            sketch(pen, shape, fill, 0.16 / Math.sqrt(frame.getDeterminant()));
        }
        canvas.expose(EXPOSURE);
    }

    /** @param width of the pen's line in the shape's square */
    private static void sketch(Pen pen, Outline shape, Fill fill, double width) {
        switch (fill) {
            case SOLID -> pen.fill(pen.main(), shape);
            case OUTLINE -> pen.line(pen.main(), width, shape);
            case TINTED -> {
                pen.fill(Colours.mix(pen.main(), pen.ground(), 0.45), shape);
                pen.line(pen.main(), width * 0.6, shape);
            }
        }
    }
}
