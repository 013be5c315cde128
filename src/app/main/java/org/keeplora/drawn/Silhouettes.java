package org.keeplora.drawn;

import java.awt.Color;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;

/** Vehicles against the light: dark before a sky at any time of day, facing either way, near or far. */
final class Silhouettes {
    static final Domain DOMAIN = new Domain(
            "vehicles",
            "a dark {} in front of the sky.",
            Vehicles.ALL.stream()
                    .map(vehicle -> vehicle.<Drawing>with(canvas -> draw(canvas, vehicle.thing())))
                    .toList(),
            Plain.figures(Vehicles.ALL, Phrases.THING));

    private static final Placement PLACEMENT = new Placement(0.8, 0.55, 0.9, 0.2, 0.15);
    private static final Exposure EXPOSURE = new Exposure(0.15, 0.15, 0.08, 0.1);

    private Silhouettes() {}

    private static void draw(Canvas canvas, Figure vehicle) {
        Chance chance = canvas.chance();
        Color high = Colours.toLight(Colours.any(chance), chance.between(0.4, 0.85));
        Color low = Colours.toLight(Colours.any(chance), chance.between(0.5, 0.95));
        Ground.gradient(canvas, high, low, chance.between(1.2, 1.9));
        clouds(canvas, high);
        AffineTransform frame = PLACEMENT.frame(chance);
        horizon(canvas, high, frame);
        if (chance.happens(0.5)) {
            frame.scale(-1, 1);
        }
        Color dark = Colours.toLight(Colours.any(chance), chance.between(0.02, 0.2));
        Color through = chance.happens(0.6) ? low : Colours.mix(dark, low, 0.3);
        vehicle.draw(new Pen(canvas, frame, Warp.of(0.05, chance), new Ink(dark, through, dark, through)));
        canvas.expose(EXPOSURE);
    }

    private static void clouds(Canvas canvas, Color sky) {
        Chance chance = canvas.chance();
        Color white = Colours.mix(sky, Color.WHITE, chance.between(0.2, 0.7));
        int count = chance.count(0, 3);
        for (int cloud = 0; cloud < count; cloud++) {
            double x = chance.between(-1, 1);
            double y = chance.between(-1, 0.2);
            double length = chance.between(0.2, 0.6);
            canvas.stroke(new Line2D.Double(x, y, x + length, y), white, chance.between(0.06, 0.3));
        }
    }

    /** Land below the vehicle, in some pictures. */
    private static void horizon(Canvas canvas, Color sky, AffineTransform frame) {
        Chance chance = canvas.chance();
        if (chance.happens(0.4)) {
            return;
        }
        double left = frame.getTranslateY() + frame.getScaleY() * chance.between(0.4, 0.9);
        double right = left + chance.between(-0.15, 0.15);
        Path2D land = new Path2D.Double();
        land.moveTo(-1, left);
        land.lineTo(1, right);
        land.lineTo(1, 1.2);
        land.lineTo(-1, 1.2);
        canvas.fill(land, Colours.toLight(Colours.any(chance), Colours.light(sky) * chance.between(0.65, 0.9)));
    }
}
