package org.keeplora.drawn;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.Arrays;
import org.keeplora.data.RgbImage;

/**
 * A picture being drawn: a square from (-1, -1), top left, to (1, 1), bottom right, whatever its size in pixels. Java's
 * own rasteriser smooths the edges; no font is used. Must be used by one thread.
 */
final class Canvas {
    private final int size;
    private final BufferedImage image;
    private final Graphics2D graphics;
    private final Chance chance;

    /**
     * @param size pixels a side
     * @param seed of this picture
     */
    Canvas(int size, long seed) {
        this.size = size;
        this.chance = new Chance(seed);
        image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setTransform(new AffineTransform(size / 2.0, 0, 0, size / 2.0, size / 2.0, size / 2.0));
    }

    Chance chance() {
        return chance;
    }

    /** The width of a pixel in the picture's coordinates. */
    double pixel() {
        return 2.0 / size;
    }

    void fill(Shape shape, Color colour) {
        graphics.setColor(colour);
        graphics.fill(shape);
    }

    /** Draws a line with round ends, {@code width} wide in the picture's coordinates. */
    void stroke(Shape shape, Color colour, double width) {
        graphics.setColor(colour);
        graphics.setStroke(new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(shape);
    }

    void fillAll(Color colour) {
        Arrays.fill(pixels(), colour.getRGB());
    }

    /** A colour for every point. */
    @FunctionalInterface
    interface Field {
        /** The colour at (x, y), packed RGB; x and y in -1..1. */
        int at(double x, double y);
    }

    /** A field whose colour at a point is {@code field}'s at the point that {@code map} moves it to. */
    static Field through(AffineTransform map, Field field) {
        double xx = map.getScaleX();
        double xy = map.getShearX();
        double yx = map.getShearY();
        double yy = map.getScaleY();
        double right = map.getTranslateX();
        double down = map.getTranslateY();
        return (x, y) -> field.at(xx * x + xy * y + right, yx * x + yy * y + down);
    }

    /** Sets every pixel to the colour at its centre. */
    void paint(Field field) {
        int[] pixels = pixels();
        double pixel = pixel();
        for (int row = 0, to = 0; row < size; row++) {
            double y = (row + 0.5) * pixel - 1;
            for (int column = 0; column < size; column++) {
                pixels[to++] = field.at((column + 0.5) * pixel - 1, y);
            }
        }
    }

    /** Applies a camera's light and noise to the finished drawing. */
    void expose(Exposure exposure) {
        exposure.apply(pixels(), size, chance);
    }

    RgbImage toImage() {
        graphics.dispose();
        byte[] bytes = new byte[size * size * RgbImage.CHANNELS];
        int to = 0;
        for (int rgb : pixels()) {
            bytes[to++] = (byte) (rgb >> 16);
            bytes[to++] = (byte) (rgb >> 8);
            bytes[to++] = (byte) rgb;
        }
        return new RgbImage(size, size, bytes);
    }

    private int[] pixels() {
        return ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    }
}
