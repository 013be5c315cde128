package org.keeplora.drawn;

import java.awt.geom.AffineTransform;
import java.util.List;

/** Leaves, tip up, and flowers. */
final class Plants {
    static final List<Named<Figure>> LEAVES = List.of(
            new Named<>("oak leaf", "oak leaves", Plants::oak),
            new Named<>("maple leaf", "maple leaves", Plants::maple),
            new Named<>("ginkgo leaf", "ginkgo leaves", Plants::ginkgo),
            new Named<>("willow leaf", "willow leaves", Plants::willow),
            new Named<>("clover leaf", "clover leaves", Plants::clover),
            Named.of("fern", Plants::fern));

    static final List<Named<Figure>> FLOWERS = List.of(
            new Named<>("daisy", "daisies", Plants::daisy),
            Named.of("sunflower", Plants::sunflower),
            Named.of("tulip", Plants::tulip),
            Named.of("rose", Plants::rose),
            new Named<>("lily", "lilies", Plants::lily),
            Named.of("bluebell", Plants::bluebell));

    private static final String PETAL = "V 0 -0.98 0.13 -0.75 0.1 -0.4 0 -0.1";
    private static final String POINTED_PETAL = "W 0 -1 0.13 -0.7 0.06 -0.3 0 -0.2";
    private static final String LONG_PETAL = "V 0 -1 0.13 -0.78 0.22 -0.45 0.12 -0.15 0 0";

    private Plants() {}

    private static void oak(Pen pen) {
        pen.line(pen.accent(), 0.07, "L 0 0.5 0 0.98");
        pen.fill(
                pen.main(),
                "V 0 -0.98 0.2 -0.88 0.18 -0.62 0.45 -0.58 0.24 -0.3 0.62 -0.22 0.28 0.04 0.62 0.18 0.24 0.36 0.3 0.55 0 0.7");
        pen.line(
                pen.detail(),
                0.04,
                "L 0 -0.8 0 0.65 L 0 -0.2 0.35 -0.4 L 0 -0.2 -0.35 -0.4 L 0 0.2 0.4 0.02 L 0 0.2 -0.4 0.02");
    }

    private static void maple(Pen pen) {
        pen.line(pen.accent(), 0.07, "L 0 0.3 0 0.98");
        pen.fill(
                pen.main(),
                "W 0 -0.98 0.13 -0.68 0.32 -0.74 0.24 -0.3 0.52 -0.6 0.6 -0.42 0.95 -0.42 0.78 -0.12 0.92 0 0.5 0.26 0.54 0.42 0 0.36");
        pen.line(pen.detail(), 0.04, "L 0 0.4 0 -0.75 L 0 0.34 0.68 -0.25 L 0 0.34 -0.68 -0.25");
    }

    private static void ginkgo(Pen pen) {
        pen.line(pen.accent(), 0.08, "U 0 0.4 0.04 0.7 -0.05 0.98");
        pen.fill(pen.main(), "W 0 -0.25 0.06 -0.66 0.3 -0.74 0.62 -0.62 0.86 -0.36 0.98 -0.02 0.5 0.12 0.2 0.3 0 0.52");
        pen.line(pen.detail(), 0.03, "L 0 0.4 0.3 -0.55 L 0 0.4 -0.3 -0.55 L 0 0.4 0.7 -0.25 L 0 0.4 -0.7 -0.25");
    }

    private static void willow(Pen pen) {
        pen.line(pen.accent(), 0.06, "L 0 0.6 0 0.98");
        pen.fill(pen.main(), "V 0 -0.98 0.12 -0.6 0.18 -0.1 0.14 0.4 0 0.75");
        pen.line(pen.detail(), 0.04, "L 0 -0.8 0 0.7");
    }

    private static void clover(Pen pen) {
        pen.line(pen.accent(), 0.09, "U 0 0 0.05 0.5 -0.08 0.98");
        int leaflets = pen.chance().happens(0.25) ? 4 : 3;
        for (int leaflet = 0; leaflet < leaflets; leaflet++) {
            Pen turned = around(pen, leaflet, leaflets, 0.62, -0.2);
            turned.fill(pen.main(), "V 0 -0.85 0.2 -1 0.5 -0.88 0.5 -0.5 0 0");
            turned.line(pen.detail(), 0.06, "L 0 -0.15 0 -0.6");
        }
    }

    private static void fern(Pen pen) {
        pen.line(pen.accent(), 0.06, "L 0 -0.95 0 0.98");
        int pairs = pen.chance().count(8, 10);
        for (int pair = 0; pair < pairs; pair++) {
            double y = -0.9 + 1.5 * pair / pairs;
            double reach = 0.1 + 0.6 * pair / pairs;
            pen.curve(pen.main(), 0.1, 0, y, reach, y - 0.45 * reach);
            pen.curve(pen.main(), 0.1, 0, y, -reach, y - 0.45 * reach);
        }
    }

    private static void daisy(Pen pen) {
        int petals = pen.chance().count(9, 12);
        for (int petal = 0; petal < petals; petal++) {
            around(pen, petal, petals, 0.95, 0).fill(pen.main(), PETAL);
        }
        pen.disc(pen.accent(), 0, 0, 0.22);
    }

    private static void sunflower(Pen pen) {
        int petals = pen.chance().count(16, 20);
        for (int petal = 0; petal < petals; petal++) {
            around(pen, petal, petals, 0.98, 0).fill(pen.main(), POINTED_PETAL);
        }
        pen.disc(pen.detail(), 0, 0, 0.55);
        pen.ring(pen.accent(), 0.06, 0, 0, 0.4);
        pen.ring(pen.accent(), 0.06, 0, 0, 0.2);
    }

    private static void tulip(Pen pen) {
        pen.line(pen.accent(), 0.09, "L 0 0 0 0.98");
        pen.fill(pen.accent(), "O 0 0.95 -0.25 0.6 -0.5 0.15 -0.42 0.65");
        pen.fill(pen.accent(), "O 0 0.95 0.25 0.65 0.5 0.2 0.42 0.7");
        pen.fill(pen.main(), "W 0 -0.95 0.2 -0.62 0.46 -0.9 0.48 -0.3 0.34 0 0 0.12");
        pen.line(pen.detail(), 0.04, "L -0.2 -0.6 -0.1 -0.1 L 0.2 -0.6 0.1 -0.1");
    }

    private static void rose(Pen pen) {
        pen.line(pen.accent(), 0.09, "L 0 0.2 0 0.98");
        pen.fill(pen.accent(), "O 0 0.75 0.2 0.52 0.55 0.5 0.35 0.75");
        pen.fill(pen.accent(), "O 0 0.9 -0.2 0.67 -0.55 0.65 -0.35 0.9");
        for (int petal = 0; petal < 5; petal++) {
            around(pen, petal, 5, 1, -0.3).disc(pen.main(), 0, -0.3, 0.36);
        }
        pen.line(
                pen.detail(),
                0.06,
                "U 0.02 -0.34 0.1 -0.26 -0.02 -0.18 -0.14 -0.3 -0.02 -0.48 0.22 -0.4 0.26 -0.12 0 0.04 -0.32 -0.1 -0.36 -0.45 -0.05 -0.7 0.35 -0.62");
    }

    private static void lily(Pen pen) {
        for (int petal = 0; petal < 6; petal++) {
            Pen turned = around(pen, petal, 6, 1, 0);
            turned.fill(pen.main(), LONG_PETAL);
            turned.line(pen.detail(), 0.03, "L 0 -0.2 0 -0.75");
        }
        for (int stamen = 0; stamen < 6; stamen++) {
            Pen turned = around(pen, stamen + 0.5, 6, 1, 0);
            turned.line(pen.accent(), 0.04, "L 0 0 0 -0.4");
            turned.disc(pen.accent(), 0, -0.4, 0.06);
        }
    }

    private static void bluebell(Pen pen) {
        pen.line(pen.accent(), 0.07, "U -0.5 0.98 -0.45 0 -0.25 -0.6 0.2 -0.9 0.6 -0.75");
        double[][] bells = {{-0.38, -0.3}, {-0.05, -0.7}, {0.45, -0.75}};
        for (double[] bell : bells) {
            Pen hanging = pen.at(AffineTransform.getTranslateInstance(bell[0] + 0.05, bell[1] + 0.35));
            hanging.line(pen.accent(), 0.05, "L -0.05 -0.35 0 -0.2");
            hanging.fill(pen.main(), "W 0 -0.28 0.16 -0.2 0.2 0.1 0.32 0.38 0.14 0.3 0 0.4");
        }
    }

    /** A pen turned by {@code number} of {@code count} equal parts of a circle around (0, y) and scaled. */
    private static Pen around(Pen pen, double number, int count, double scale, double y) {
        AffineTransform place = AffineTransform.getTranslateInstance(0, y);
        place.rotate(2 * Math.PI * number / count);
        place.scale(scale, scale);
        return pen.at(place);
    }
}
