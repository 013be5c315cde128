package org.keeplora.drawn;

import java.awt.geom.AffineTransform;
import java.util.List;

/** Sky, landscape, plants and animals that are in no domain. */
final class Nature {
    static final List<Named<Figure>> ALL = List.of(
            Named.of("tree", Nature::tree),
            Named.of("sun", Nature::sun),
            Named.of("moon", Nature::moon),
            Named.of("cloud", Nature::cloud),
            Named.of("mountain", Nature::mountain),
            new Named<>("fish", "fish", Nature::fish),
            Named.of("cat", Nature::cat),
            Named.of("bird", Nature::bird),
            new Named<>("butterfly", "butterflies", Nature::butterfly),
            Named.of("snail", Nature::snail),
            Named.of("mushroom", Nature::mushroom),
            Named.of("apple", Nature::apple),
            new Named<>("cactus", "cacti", Nature::cactus),
            new Named<>("snowman", "snowmen", Nature::snowman));

    private Nature() {}

    private static void tree(Pen pen) {
        pen.fill(pen.accent(), "P -0.14 0.1 0.14 0.1 0.18 0.98 -0.18 0.98");
        pen.disc(pen.main(), 0, -0.5, 0.46);
        pen.disc(pen.main(), -0.36, -0.1, 0.4);
        pen.disc(pen.main(), 0.36, -0.1, 0.4);
    }

    private static void sun(Pen pen) {
        pen.disc(pen.main(), 0, 0, 0.5);
        for (int ray = 0; ray < 8; ray++) {
            pen.at(AffineTransform.getRotateInstance(ray * Math.PI / 4)).line(pen.main(), 0.11, "L 0 -0.68 0 -0.95");
        }
    }

    private static void moon(Pen pen) {
        pen.fill(pen.main(), "O 0.4 -0.9 0.4 -0.9 -0.3 -0.8 -0.75 0 -0.3 0.8 0.4 0.9 0.4 0.9 0 0.5 -0.18 0 0 -0.5");
    }

    private static void cloud(Pen pen) {
        pen.disc(pen.main(), -0.5, 0.15, 0.36);
        pen.disc(pen.main(), -0.1, -0.15, 0.46);
        pen.disc(pen.main(), 0.4, 0, 0.4);
        pen.disc(pen.main(), 0.66, 0.22, 0.3);
        pen.fill(pen.main(), "P -0.5 0.1 0.66 0.1 0.66 0.52 -0.5 0.52");
    }

    private static void mountain(Pen pen) {
        pen.fill(pen.accent(), "P 0 0.75 0.5 -0.4 1 0.75");
        pen.fill(pen.main(), "P -1 0.75 -0.25 -0.85 0.5 0.75");
        pen.fill(pen.detail(), "P -0.45 -0.42 -0.25 -0.85 -0.05 -0.42 -0.16 -0.3 -0.26 -0.44 -0.36 -0.3");
    }

    private static void fish(Pen pen) {
        pen.fill(pen.main(), "P -0.4 0 -0.98 -0.48 -0.85 0 -0.98 0.48");
        pen.fill(pen.main(), "O -0.55 0 -0.2 -0.36 0.4 -0.42 0.8 -0.18 0.95 0.05 0.7 0.28 0.3 0.42 -0.2 0.32");
        pen.fill(pen.accent(), "P -0.1 -0.34 0.15 -0.7 0.4 -0.38");
        pen.disc(pen.detail(), 0.6, -0.1, 0.1);
        pen.line(pen.detail(), 0.05, "U 0.3 -0.28 0.2 0 0.3 0.28");
    }

    private static void cat(Pen pen) {
        pen.fill(pen.main(), "W 0 -0.4 0.3 -0.5 0.68 -0.95 0.78 0 0 0.3");
        pen.disc(pen.main(), 0, 0.1, 0.76);
        pen.disc(pen.detail(), -0.32, -0.05, 0.13);
        pen.disc(pen.detail(), 0.32, -0.05, 0.13);
        pen.fill(pen.detail(), "P -0.1 0.22 0.1 0.22 0 0.36");
        pen.line(
                pen.detail(),
                0.05,
                "L 0.3 0.35 0.9 0.25 L 0.3 0.45 0.9 0.5 L -0.3 0.35 -0.9 0.25 L -0.3 0.45 -0.9 0.5");
    }

    private static void bird(Pen pen) {
        pen.line(pen.accent(), 0.07, "L -0.05 0.4 -0.05 0.9 L 0.15 0.4 0.15 0.9");
        pen.fill(pen.main(), "P -0.4 -0.1 -1 -0.3 -0.95 0.05 -0.35 0.3");
        pen.fill(pen.main(), "O -0.65 0 -0.1 -0.25 0.35 -0.3 0.5 0.1 0.2 0.48 -0.25 0.42");
        pen.disc(pen.main(), 0.45, -0.42, 0.32);
        pen.fill(pen.accent(), "P 0.72 -0.55 1 -0.38 0.72 -0.28");
        pen.disc(pen.detail(), 0.52, -0.48, 0.08);
        pen.line(pen.detail(), 0.06, "U -0.5 0.02 -0.2 0.22 0.15 0.02");
    }

    private static void butterfly(Pen pen) {
        pen.fill(pen.main(), "V 0 -0.2 0.35 -0.85 0.85 -0.85 0.9 -0.3 0.4 0.05 0 0.02");
        pen.fill(pen.main(), "V 0 0 0.5 0.1 0.7 0.45 0.45 0.85 0.15 0.5 0 0.2");
        pen.disc(pen.detail(), -0.55, -0.5, 0.16);
        pen.disc(pen.detail(), 0.55, -0.5, 0.16);
        pen.line(pen.accent(), 0.14, "L 0 -0.45 0 0.6");
        pen.line(pen.accent(), 0.05, "U 0 -0.45 0.1 -0.75 0.25 -0.95 U 0 -0.45 -0.1 -0.75 -0.25 -0.95");
    }

    private static void snail(Pen pen) {
        pen.line(pen.accent(), 0.26, "U -0.85 0.62 0 0.65 0.55 0.6 0.75 0.2 0.8 -0.05");
        pen.line(pen.accent(), 0.06, "L 0.75 0 0.65 -0.45 L 0.82 0 0.95 -0.42");
        pen.disc(pen.main(), -0.12, 0, 0.56);
        pen.line(
                pen.detail(),
                0.08,
                "U -0.12 0 -0.02 0.08 -0.12 0.18 -0.28 0.08 -0.24 -0.16 0 -0.24 0.18 -0.05 0.14 0.25 -0.1 0.38 -0.4 0.28 -0.5 0");
    }

    private static void mushroom(Pen pen) {
        pen.fill(pen.accent(), "P -0.22 -0.1 0.22 -0.1 0.3 0.9 -0.3 0.9");
        pen.fill(pen.main(), "W 0 -0.9 0.35 -0.82 0.68 -0.58 0.88 -0.2 0.9 0.05 0 0.1");
        pen.disc(pen.detail(), -0.4, -0.25, 0.13);
        pen.disc(pen.detail(), 0.1, -0.5, 0.15);
        pen.disc(pen.detail(), 0.5, -0.2, 0.11);
    }

    private static void apple(Pen pen) {
        pen.line(pen.accent(), 0.09, "U 0 -0.4 0.02 -0.7 0.15 -0.95");
        pen.fill(pen.accent(), "O 0.1 -0.6 0.35 -0.85 0.65 -0.8 0.4 -0.55");
        pen.fill(pen.main(), "V 0 -0.38 0.35 -0.5 0.75 -0.25 0.72 0.35 0.35 0.88 0 0.8");
        pen.line(pen.detail(), 0.08, "U -0.52 -0.1 -0.52 0.2 -0.4 0.45");
    }

    private static void cactus(Pen pen) {
        pen.line(pen.main(), 0.38, "L 0 0.6 0 -0.7");
        pen.line(pen.main(), 0.22, "L 0 0.2 -0.55 0.2 -0.55 -0.3 L 0 -0.05 0.55 -0.05 0.55 -0.5");
        pen.line(pen.detail(), 0.04, "L -0.08 -0.6 -0.08 0.5 L 0.08 -0.6 0.08 0.5");
        pen.fill(pen.accent(), "P -0.4 0.55 0.4 0.55 0.3 0.98 -0.3 0.98");
    }

    private static void snowman(Pen pen) {
        pen.disc(pen.main(), 0, 0.48, 0.5);
        pen.disc(pen.main(), 0, -0.28, 0.36);
        pen.fill(
                pen.accent(),
                "P -0.4 -0.56 0.4 -0.56 0.4 -0.64 0.24 -0.64 0.24 -0.98 -0.24 -0.98 -0.24 -0.64 -0.4 -0.64");
        pen.disc(pen.detail(), -0.12, -0.36, 0.06);
        pen.disc(pen.detail(), 0.12, -0.36, 0.06);
        pen.disc(pen.detail(), 0, 0.3, 0.07);
        pen.disc(pen.detail(), 0, 0.58, 0.07);
        pen.line(pen.accent(), 0.07, "L 0.4 0.2 0.95 -0.15 L -0.4 0.2 -0.95 -0.15");
    }
}
