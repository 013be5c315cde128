package org.keeplora.drawn;

import java.awt.Color;
import java.awt.geom.AffineTransform;
import java.awt.geom.NoninvertibleTransformException;
import java.awt.geom.Path2D;

/**
 * Draws the parts of a figure, bent and placed. Coordinates and widths are in the figure's square from -1 to 1 (y
 * down).
 */
final class Pen {
    private static final Outline CIRCLE =
            Outline.of("O 1 0 0.707 0.707 0 1 -0.707 0.707 -1 0 -0.707 -0.707 0 -1 0.707 -0.707");

    private final Canvas canvas;
    private final AffineTransform frame;
    private final Warp warp;
    private final Ink ink;

    /** @param frame maps the figure's square to the picture's */
    Pen(Canvas canvas, AffineTransform frame, Warp warp, Ink ink) {
        this.canvas = canvas;
        this.frame = frame;
        this.warp = warp;
        this.ink = ink;
    }

    /** A pen for a part of the figure: it applies {@code place} to everything first. */
    Pen at(AffineTransform place) {
        AffineTransform inner = new AffineTransform(frame);
        inner.concatenate(place);
        return new Pen(canvas, inner, warp, ink);
    }

    Chance chance() {
        return canvas.chance();
    }

    Color main() {
        return ink.main();
    }

    Color detail() {
        return ink.detail();
    }

    Color accent() {
        return ink.accent();
    }

    Color ground() {
        return ink.ground();
    }

    void fill(Color colour, Outline outline) {
        canvas.fill(outline.path(this::map), colour);
    }

    /** @param outline text as in {@link Outline}, a constant of the program */
    void fill(Color colour, String outline) {
        fill(colour, Outline.of(outline));
    }

    void line(Color colour, double width, Outline outline) {
        canvas.stroke(outline.path(this::map), colour, width * scale());
    }

    /** @param outline text as in {@link Outline}, a constant of the program */
    void line(Color colour, double width, String outline) {
        line(colour, width, Outline.of(outline));
    }

    /** Fills the polygon with the corners x y x y ... */
    void polygon(Color colour, double... corners) {
        fill(colour, Outline.polygon(corners));
    }

    void box(Color colour, double left, double top, double right, double bottom) {
        polygon(colour, left, top, right, top, right, bottom, left, bottom);
    }

    /** Draws a smooth line through {@code points}, x y x y ... */
    void curve(Color colour, double width, double... points) {
        line(colour, width, Outline.curve(points));
    }

    /** Fills the smooth outline through {@code points}, x y x y ... */
    void blob(Color colour, double... points) {
        fill(colour, Outline.blob(points));
    }

    void disc(Color colour, double x, double y, double radius) {
        canvas.fill(circle(x, y, radius), colour);
    }

    /** @param width of the line; the middle of the line is {@code radius} from (x, y) */
    void ring(Color colour, double width, double x, double y, double radius) {
        canvas.stroke(circle(x, y, radius), colour, width * scale());
    }

    /** Paints the whole picture with {@code field}, which is given in the figure's square. */
    void everywhere(Canvas.Field field) {
        try {
            canvas.paint(Canvas.through(frame.createInverse(), field));
        } catch (NoninvertibleTransformException e) {
            throw new IllegalStateException("Pen: its square " + frame + " has no area", e);
        }
    }

    private Path2D circle(double x, double y, double radius) {
        AffineTransform place = new AffineTransform(radius, 0, 0, radius, x, y);
        return CIRCLE.path(points -> {
            place.transform(points, 0, points, 0, points.length / 2);
            map(points);
        });
    }

    private void map(double[] points) {
        warp.apply(points);
        frame.transform(points, 0, points, 0, points.length / 2);
    }

    private double scale() {
        return Math.sqrt(Math.abs(frame.getDeterminant()));
    }
}
