package org.keeplora.drawn;

import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A line drawing written as text: one strand after another, each a letter and its points {@code x y x y ...}. {@code L}
 * is an open polyline, {@code P} a closed one, {@code U} an open smooth curve, {@code O} a closed one. {@code W} and
 * {@code V} are like {@code P} and {@code O}, but only the right half is given, from top to bottom; the left half is
 * its mirror image. A smooth curve has a corner at a point that is given twice.
 */
final class Outline {
    private static final Map<String, Outline> READ = new ConcurrentHashMap<>();

    private final List<Strand> strands;

    private Outline(List<Strand> strands) {
        this.strands = strands;
    }

    private record Strand(boolean smooth, boolean closed, double[] points) {}

    /** Moves points to the place where they are drawn. */
    @FunctionalInterface
    interface Mapping {
        /** @param points x y x y ..., changed in place */
        void apply(double[] points);
    }

    /**
     * Parses an outline. All outlines are cached, so use this only for texts that are constants of the program.
     *
     * @throws IllegalArgumentException naming the text, when it does not have the form above
     */
    static Outline of(String text) {
        return READ.computeIfAbsent(text, Outline::read);
    }

    /** The polygon with the corners x y x y ... */
    static Outline polygon(double... corners) {
        return new Outline(List.of(new Strand(false, true, corners)));
    }

    /** The smooth line through the points x y x y ... */
    static Outline curve(double... points) {
        return new Outline(List.of(new Strand(true, false, points)));
    }

    /** The closed smooth line through the points x y x y ... */
    static Outline blob(double... points) {
        return new Outline(List.of(new Strand(true, true, points)));
    }

    private static Outline read(String text) {
        List<Strand> strands = new ArrayList<>();
        for (String part : text.split("\\s+(?=[A-Z])")) {
            double[] points = Arrays.stream(part.substring(1).strip().split("\\s+"))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            if (points.length < 4 || points.length % 2 != 0) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "Outline \"%s\": strand \"%s\" has %d numbers; it needs pairs, at least two",
                        text,
                        part,
                        points.length));
            }
            strands.add(
                    switch (part.charAt(0)) {
                        case 'L' -> new Strand(false, false, points);
                        case 'P' -> new Strand(false, true, points);
                        case 'U' -> new Strand(true, false, points);
                        case 'O' -> new Strand(true, true, points);
                        case 'W' -> new Strand(false, true, mirrored(points));
                        case 'V' -> new Strand(true, true, mirrored(points));
                        default ->
                            throw new IllegalArgumentException(String.format(
                                    Locale.ROOT,
                                    "Outline \"%s\": strand \"%s\" begins with none of L P U O W V",
                                    text,
                                    part));
                    });
        }
        return new Outline(strands);
    }

    /** The right half and, in reverse order, its mirror image under x → -x; points on the axis occur once. */
    private static double[] mirrored(double[] right) {
        double[] both = Arrays.copyOf(right, 2 * right.length);
        int length = right.length;
        for (int i = right.length - 2; i >= 0; i -= 2) {
            if (right[i] != 0) {
                both[length++] = -right[i];
                both[length++] = right[i + 1];
            }
        }
        return Arrays.copyOf(both, length);
    }

    /** The path through the points, after {@code mapping} is applied to them. */
    Path2D path(Mapping mapping) {
        Path2D path = new Path2D.Double();
        for (Strand strand : strands) {
            double[] points = strand.points.clone();
            mapping.apply(points);
            path.moveTo(points[0], points[1]);
            int pieces = strand.closed ? points.length / 2 : points.length / 2 - 1;
            for (int piece = 0; piece < pieces; piece++) {
                append(path, points, piece, strand);
            }
            if (strand.closed) {
                path.closePath();
            }
        }
        return path;
    }

    /** From point {@code from} to the next: a straight line, or the cubic of the Catmull-Rom spline. */
    private static void append(Path2D path, double[] points, int from, Strand strand) {
        int to = point(points, from + 1, strand.closed);
        int at = 2 * from;
        boolean corner = points[at] == points[to] && points[at + 1] == points[to + 1];
        if (corner || !strand.smooth) {
            path.lineTo(points[to], points[to + 1]);
            return;
        }
        int before = point(points, from - 1, strand.closed);
        int after = point(points, from + 2, strand.closed);
        path.curveTo(
                points[at] + (points[to] - points[before]) / 6,
                points[at + 1] + (points[to + 1] - points[before + 1]) / 6,
                points[to] - (points[after] - points[at]) / 6,
                points[to + 1] - (points[after + 1] - points[at + 1]) / 6,
                points[to],
                points[to + 1]);
    }

    /** The offset of point {@code number}; beyond an end of an open strand, the offset of that end. */
    private static int point(double[] points, int number, boolean closed) {
        int count = points.length / 2;
        return 2 * (closed ? Math.floorMod(number, count) : Math.max(0, Math.min(count - 1, number)));
    }
}
