package org.keeplora.drawn;

import java.util.List;

/** Vehicles seen from the side (the aeroplane from above), facing right. */
final class Vehicles {
    static final List<Named<Figure>> ALL = List.of(
            Named.of("car", Vehicles::car),
            new Named<>("bus", "buses", Vehicles::bus),
            new Named<>("lorry", "lorries", Vehicles::lorry),
            Named.of("van", Vehicles::van),
            Named.of("bicycle", Vehicles::bicycle),
            Named.of("sailing boat", Vehicles::sailingBoat),
            Named.of("aeroplane", Vehicles::aeroplane),
            Named.of("train", Vehicles::train),
            Named.of("tractor", Vehicles::tractor),
            Named.of("helicopter", Vehicles::helicopter),
            Named.of("rocket", Vehicles::rocket),
            Named.of("balloon", Vehicles::balloon));

    private Vehicles() {}

    private static void car(Pen pen) {
        pen.fill(
                pen.main(),
                "P -0.98 0.35 -0.98 0.05 -0.9 -0.02 -0.6 -0.05 -0.32 -0.42 0.22 -0.42 0.52 -0.05 0.93 0.06 0.98 0.35");
        pen.fill(pen.detail(), "P -0.45 -0.05 -0.25 -0.33 -0.06 -0.33 -0.06 -0.05");
        pen.fill(pen.detail(), "P 0.04 -0.05 0.04 -0.33 0.17 -0.33 0.37 -0.05");
        wheel(pen, -0.56, 0.35, 0.21);
        wheel(pen, 0.56, 0.35, 0.21);
    }

    private static void bus(Pen pen) {
        pen.fill(pen.main(), "P -1 0.4 -1 -0.48 -0.94 -0.55 0.88 -0.55 0.98 -0.1 1 0.4");
        int windows = pen.chance().count(4, 6);
        for (int window = 0; window < windows; window++) {
            double left = -0.9 + window * 1.5 / windows;
            pen.box(pen.detail(), left, -0.42, left + 1.1 / windows, -0.1);
        }
        pen.fill(pen.detail(), "P 0.66 0.3 0.66 -0.42 0.84 -0.42 0.9 -0.08 0.9 0.3");
        wheel(pen, -0.58, 0.42, 0.18);
        wheel(pen, 0.4, 0.42, 0.18);
    }

    private static void lorry(Pen pen) {
        double back = pen.chance().between(-1, -0.8);
        pen.box(pen.main(), back, -0.62, 0.36, 0.22);
        pen.box(pen.accent(), back, 0.22, 0.6, 0.32);
        pen.fill(pen.main(), "P 0.46 0.35 0.46 -0.35 0.75 -0.35 0.97 0.02 1 0.35");
        pen.fill(pen.detail(), "P 0.56 -0.02 0.56 -0.25 0.72 -0.25 0.86 -0.02");
        wheel(pen, back + 0.22, 0.4, 0.17);
        wheel(pen, back + 0.6, 0.4, 0.17);
        wheel(pen, 0.7, 0.4, 0.17);
    }

    private static void van(Pen pen) {
        pen.fill(pen.main(), "P -0.85 0.38 -0.85 -0.42 -0.78 -0.5 0.25 -0.5 0.58 -0.08 0.85 0.02 0.9 0.38");
        pen.fill(pen.detail(), "P 0.06 -0.08 0.06 -0.4 0.2 -0.4 0.44 -0.08");
        if (pen.chance().happens(0.4)) {
            pen.line(pen.detail(), 0.04, "L -0.03 -0.42 -0.03 0.3");
        }
        wheel(pen, -0.5, 0.4, 0.19);
        wheel(pen, 0.52, 0.4, 0.19);
    }

    private static void bicycle(Pen pen) {
        pen.ring(pen.accent(), 0.09, -0.55, 0.25, 0.38);
        pen.ring(pen.accent(), 0.09, 0.55, 0.25, 0.38);
        pen.line(pen.main(), 0.1, "L -0.55 0.25 -0.22 -0.25 0.34 -0.25 -0.05 0.27 -0.55 0.25");
        pen.line(pen.main(), 0.1, "L -0.05 0.27 -0.28 -0.42");
        pen.line(pen.main(), 0.1, "L 0.55 0.25 0.3 -0.5 0.5 -0.55");
        pen.line(pen.main(), 0.12, "L -0.42 -0.43 -0.14 -0.43");
    }

    private static void sailingBoat(Pen pen) {
        pen.fill(pen.accent(), "P -0.85 0.42 0.9 0.42 0.6 0.8 -0.6 0.8");
        pen.line(pen.accent(), 0.07, "L 0 0.4 0 -0.95");
        pen.fill(pen.main(), "P 0.08 -0.9 0.08 0.28 0.78 0.28");
        pen.fill(pen.main(), "P -0.08 -0.7 -0.08 0.28 -0.62 0.28");
    }

    static void aeroplane(Pen pen) {
        pen.fill(pen.main(), "O -0.95 0 -0.6 -0.09 0.5 -0.13 0.88 -0.08 0.98 0 0.88 0.08 0.5 0.13 -0.6 0.09");
        double sweep = pen.chance().between(-0.45, -0.2);
        double tip = sweep - 0.2;
        pen.polygon(
                pen.main(),
                0.35,
                -0.05,
                sweep,
                -0.92,
                tip,
                -0.92,
                -0.1,
                -0.05,
                -0.1,
                0.05,
                tip,
                0.92,
                sweep,
                0.92,
                0.35,
                0.05);
        pen.fill(pen.main(), "P -0.62 0 -0.85 -0.38 -0.98 -0.38 -0.9 0 -0.98 0.38 -0.85 0.38");
        pen.line(pen.detail(), 0.05, "L 0.78 -0.05 0.78 0.05");
    }

    private static void train(Pen pen) {
        pen.box(pen.main(), -0.32, -0.25, 0.8, 0.2);
        pen.fill(pen.main(), "P -0.9 0.28 -0.9 -0.58 -0.3 -0.58 -0.3 0.28");
        pen.fill(pen.accent(), "P -0.98 -0.55 -0.98 -0.68 -0.22 -0.68 -0.22 -0.55");
        pen.box(pen.detail(), -0.74, -0.45, -0.46, -0.12);
        pen.fill(pen.accent(), "P 0.5 -0.24 0.42 -0.68 0.78 -0.68 0.7 -0.24");
        pen.fill(pen.main(), "O 0 -0.22 0.02 -0.4 0.16 -0.46 0.3 -0.4 0.32 -0.22");
        pen.fill(pen.accent(), "P -0.9 0.2 0.78 0.2 1 0.55 0.6 0.42 -0.9 0.38");
        for (double x : new double[] {-0.66, -0.2, 0.16, 0.52}) {
            wheel(pen, x, 0.42, 0.18);
        }
    }

    private static void tractor(Pen pen) {
        pen.fill(pen.main(), "P -0.2 -0.15 0.82 -0.1 0.86 0.32 -0.2 0.32");
        pen.fill(pen.main(), "P -0.62 0.1 -0.55 -0.78 -0.02 -0.78 0.06 0.1");
        pen.fill(pen.ground(), "P -0.48 -0.15 -0.44 -0.64 -0.12 -0.64 -0.08 -0.15");
        pen.line(pen.accent(), 0.08, "L 0.5 -0.12 0.5 -0.55");
        wheel(pen, -0.45, 0.3, 0.45);
        wheel(pen, 0.62, 0.48, 0.25);
    }

    private static void helicopter(Pen pen) {
        pen.fill(pen.main(), "O -0.15 0 0.05 -0.32 0.5 -0.34 0.85 0 0.75 0.25 0.4 0.34 0.05 0.28");
        pen.fill(pen.main(), "P 0.1 -0.2 -0.9 -0.12 -0.92 -0.02 0.1 0.16");
        pen.fill(pen.main(), "P -0.8 -0.05 -0.98 -0.34 -0.85 -0.36 -0.68 -0.05");
        pen.fill(pen.detail(), "P 0.42 0 0.42 -0.22 0.56 -0.2 0.72 0");
        pen.line(pen.accent(), 0.07, "L -0.6 -0.56 1 -0.56 L 0.25 -0.56 0.25 -0.3");
        pen.line(pen.accent(), 0.07, "L -0.1 0.55 0.8 0.55 L 0.12 0.28 0.1 0.55 L 0.55 0.28 0.58 0.55");
    }

    private static void rocket(Pen pen) {
        pen.fill(pen.accent(), "P -0.2 0.15 -0.55 0.7 -0.2 0.55 W 0 0.3 0.2 0.15 0.55 0.7 0.2 0.55");
        pen.fill(pen.detail(), "V 0 0.5 0.17 0.62 0.02 0.98");
        pen.fill(pen.main(), "W 0 -1 0.12 -0.82 0.24 -0.5 0.28 -0.1 0.2 0.58 0 0.58");
        pen.disc(pen.ground(), 0, -0.38, 0.12);
    }

    private static void balloon(Pen pen) {
        pen.disc(pen.main(), 0, -0.32, 0.64);
        pen.fill(pen.main(), "W 0 0.1 0.5 0.08 0.18 0.5 0 0.5");
        if (pen.chance().happens(0.6)) {
            pen.fill(pen.detail(), "V 0 -0.94 0.2 -0.3 0.06 0.46");
        }
        pen.line(pen.accent(), 0.05, "L -0.17 0.5 -0.13 0.75 L 0.17 0.5 0.13 0.75");
        pen.box(pen.accent(), -0.18, 0.72, 0.18, 0.97);
    }

    private static void wheel(Pen pen, double x, double y, double radius) {
        pen.disc(pen.accent(), x, y, radius);
        pen.disc(pen.ground(), x, y, radius * 0.4);
    }
}
