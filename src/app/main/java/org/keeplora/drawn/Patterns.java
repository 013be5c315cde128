package org.keeplora.drawn;

import java.util.List;
import java.util.function.Function;

/** Twelve textures; each takes its proportions from the picture's random numbers. */
final class Patterns {
    static final List<Named<Function<Chance, Pattern>>> ALL = List.of(
            pattern("stripes", Patterns::stripes),
            pattern("checks", chance -> Patterns::checks),
            pattern("dots", Patterns::dots),
            pattern("waves", Patterns::waves),
            pattern("zigzags", Patterns::zigzags),
            pattern("bricks", Patterns::bricks),
            pattern("rings", Patterns::rings),
            pattern("weave", Patterns::weave),
            pattern("grid", Patterns::grid),
            pattern("speckles", Patterns::speckles),
            pattern("honeycomb", Patterns::honeycomb),
            pattern("scales", Patterns::scales));

    private Patterns() {}

    private static Named<Function<Chance, Pattern>> pattern(String name, Function<Chance, Pattern> making) {
        return new Named<>(name, name, making);
    }

    private static Pattern stripes(Chance chance) {
        double half = chance.between(0.15, 0.35);
        return (x, y) -> half - Math.abs(offset(x));
    }

    private static double checks(double x, double y) {
        double inColumn = 0.5 - Math.abs(offset(x));
        double inRow = 0.5 - Math.abs(offset(y));
        return odd(Math.rint(x) + Math.rint(y)) ? Math.min(inColumn, inRow) : -Math.min(inColumn, inRow);
    }

    private static Pattern dots(Chance chance) {
        double radius = chance.between(0.2, 0.36);
        double shift = chance.happens(0.5) ? 0.5 : 0;
        return (x, y) -> radius - length(offset(x + shift * Math.rint(y)), offset(y));
    }

    private static Pattern waves(Chance chance) {
        double half = chance.between(0.18, 0.3);
        double height = chance.between(0.3, 0.5);
        return (x, y) -> half - Math.abs(offset(y + height * Math.sin(x * 2.4)));
    }

    private static Pattern zigzags(Chance chance) {
        double half = chance.between(0.18, 0.3);
        double height = chance.between(1.2, 1.9);
        return (x, y) -> half - Math.abs(offset(y + height * Math.abs(offset(x / 1.9))));
    }

    private static Pattern bricks(Chance chance) {
        double mortar = chance.between(0.07, 0.13);
        return (x, y) -> {
            double inBrick = 1 - 2 * Math.abs(offset(x / 2 + (odd(Math.rint(y)) ? 0.5 : 0)));
            return mortar - Math.min(inBrick, 0.5 - Math.abs(offset(y)));
        };
    }

    private static Pattern rings(Chance chance) {
        double half = chance.between(0.18, 0.32);
        double right = chance.between(-1.2, 1.2);
        double down = chance.between(-1.2, 1.2);
        return (x, y) -> half - Math.abs(offset(length(x - right, y - down)));
    }

    /** Squares of three threads each, alternately along and across. */
    private static Pattern weave(Chance chance) {
        double half = chance.between(0.22, 0.32);
        return (x, y) -> {
            boolean along = odd(Math.rint(x / 1.5) + Math.rint(y / 1.5));
            return (half - Math.abs(offset((along ? y : x) * 2))) / 2;
        };
    }

    private static Pattern grid(Chance chance) {
        double half = chance.between(0.06, 0.14);
        return (x, y) -> half - Math.min(Math.abs(offset(x)), Math.abs(offset(y)));
    }

    /** One dot somewhere in every square of the plane, of any size. */
    private static Pattern speckles(Chance chance) {
        Noise across = new Noise(chance.bits());
        Noise down = new Noise(chance.bits());
        double largest = chance.between(0.25, 0.45);
        return (x, y) -> {
            int column = (int) Math.floor(x);
            int row = (int) Math.floor(y);
            double depth = -1;
            for (int i = column - 1; i <= column + 1; i++) {
                for (int j = row - 1; j <= row + 1; j++) {
                    double right = across.of(i, j);
                    double below = down.of(i, j);
                    double radius = largest * (0.3 + 0.7 * Math.abs(right - below));
                    depth = Math.max(depth, radius - length(x - i - right, y - j - below));
                }
            }
            return depth;
        };
    }

    /** Walls between hexagons: of two grids of centres, the nearer centre decides. */
    private static Pattern honeycomb(Chance chance) {
        double wall = chance.between(0.06, 0.12);
        double step = Math.sqrt(3);
        return (x, y) -> {
            double near = hexagon(offset(x), step * offset(y / step));
            double far = hexagon(offset(x + 0.5), step * offset(y / step + 0.5));
            return wall - Math.abs(0.5 - Math.min(near, far));
        };
    }

    /** The distance between 0 and the hexagon through (x, y), measured to its flat sides. */
    private static double hexagon(double x, double y) {
        return Math.max(Math.abs(x), Math.abs(x) / 2 + Math.abs(y) * Math.sqrt(3) / 2);
    }

    /** Rows of half discs, each row covering the one below it. */
    private static Pattern scales(Chance chance) {
        double edge = chance.between(0.07, 0.13);
        return (x, y) -> {
            int row = (int) Math.floor(y * 2);
            double nearest = 1;
            for (int i = row - 1; i <= row + 1; i++) {
                double fromCentre = length(offset(x + (i % 2 == 0 ? 0 : 0.5)), y - i / 2.0);
                if (fromCentre < 0.58 && y * 2 >= i) {
                    nearest = 0.58 - fromCentre;
                    break;
                }
            }
            return edge - nearest;
        };
    }

    /** Whether a whole number is odd. */
    private static boolean odd(double whole) {
        return ((long) whole & 1) != 0;
    }

    private static double length(double x, double y) {
        return Math.sqrt(x * x + y * y);
    }

    /** The distance to the nearest whole number, -0.5..0.5. */
    private static double offset(double x) {
        return x - Math.rint(x);
    }
}
