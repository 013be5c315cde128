package org.keeplora.drawn;

import java.awt.Color;
import java.awt.geom.AffineTransform;
import java.util.List;
import java.util.stream.Stream;

/** Satellite tiles of land: at any angle, height and season, with haze. */
final class Land {
    private static final List<Named<Figure>> PLACES =
            Stream.concat(Countryside.ALL.stream(), Settlements.ALL.stream()).toList();

    static final Domain DOMAIN = new Domain(
            "land",
            "a satellite picture of {}.",
            PLACES.stream()
                    .map(place -> place.<Drawing>with(canvas -> draw(canvas, place.thing())))
                    .toList(),
            Plain.places(PLACES));

    private static final Placement PLACEMENT = new Placement(0, 0.8, 1.3, Math.PI, 0.15);
    private static final Exposure EXPOSURE = new Exposure(0.25, 0.15, 0.3, 0.12);

    private Land() {}

    private static void draw(Canvas canvas, Figure place) {
        Chance chance = canvas.chance();
        AffineTransform frame = PLACEMENT.frame(chance);
        Color white = Color.WHITE;
        place.draw(new Pen(canvas, frame, Warp.of(0.08, chance), new Ink(white, white, white, white)));
        canvas.expose(EXPOSURE);
    }
}
