package org.keeplora.drawn;

import java.awt.geom.AffineTransform;
import java.util.List;

/** Things that people make and signs that they draw, all of them in no domain. */
final class Things {
    static final List<Named<Figure>> ALL = List.of(
            Named.of("house", Things::house),
            Named.of("tent", Things::tent),
            Named.of("flag", Things::flag),
            Named.of("ladder", Things::ladder),
            Named.of("table", Things::table),
            Named.of("chair", Things::chair),
            Named.of("lamp", Things::lamp),
            Named.of("clock", Things::clock),
            Named.of("cup", Things::cup),
            Named.of("bottle", Things::bottle),
            Named.of("key", Things::key),
            Named.of("hammer", Things::hammer),
            Named.of("umbrella", Things::umbrella),
            Named.of("envelope", Things::envelope),
            Named.of("candle", Things::candle),
            Named.of("bell", Things::bell),
            Named.of("anchor", Things::anchor),
            Named.of("crown", Things::crown),
            Named.of("arrow", Things::arrow),
            Named.of("heart", Things::heart),
            Named.of("smile", Things::smile));

    private Things() {}

    private static void house(Pen pen) {
        pen.fill(pen.main(), "P -0.68 -0.1 0.68 -0.1 0.68 0.9 -0.68 0.9");
        pen.fill(pen.accent(), "P -0.9 -0.1 0 -0.9 0.9 -0.1");
        pen.fill(pen.detail(), "P -0.15 0.9 -0.15 0.35 0.18 0.35 0.18 0.9");
        pen.fill(pen.detail(), "P 0.32 0.1 0.55 0.1 0.55 0.35 0.32 0.35");
        pen.fill(pen.detail(), "P -0.52 0.1 -0.3 0.1 -0.3 0.35 -0.52 0.35");
    }

    private static void tent(Pen pen) {
        pen.fill(pen.main(), "P -0.95 0.75 0 -0.8 0.95 0.75");
        pen.fill(pen.detail(), "P -0.3 0.75 0 -0.4 0.3 0.75");
        pen.line(pen.accent(), 0.08, "L -0.1 -0.95 0.95 0.75 L 0.1 -0.95 -0.95 0.75");
    }

    private static void flag(Pen pen) {
        pen.line(pen.accent(), 0.12, "L -0.65 -0.9 -0.65 0.95");
        pen.fill(pen.main(), "P -0.6 -0.85 -0.1 -0.95 0.3 -0.75 0.85 -0.85 0.85 0.05 0.3 0.15 -0.1 -0.05 -0.6 0.05");
    }

    private static void ladder(Pen pen) {
        pen.line(pen.main(), 0.13, "L -0.3 -0.95 -0.42 0.95 L 0.3 -0.95 0.42 0.95");
        pen.line(
                pen.main(),
                0.11,
                "L -0.3 -0.65 0.3 -0.65 L -0.33 -0.3 0.33 -0.3 L -0.36 0.05 0.36 0.05 L -0.38 0.4 0.38 0.4 L -0.4 0.75 0.4 0.75");
    }

    private static void table(Pen pen) {
        pen.fill(pen.main(), "P -0.95 -0.4 0.95 -0.4 0.95 -0.2 -0.95 -0.2");
        pen.line(pen.main(), 0.15, "L -0.75 -0.25 -0.75 0.75 L 0.75 -0.25 0.75 0.75");
        pen.line(pen.accent(), 0.09, "L -0.45 -0.15 -0.45 0.5 L 0.45 -0.15 0.45 0.5");
    }

    private static void chair(Pen pen) {
        pen.line(pen.main(), 0.14, "L -0.45 -0.95 -0.45 0.95 L -0.45 0.1 0.5 0.1 0.5 0.95");
        pen.fill(pen.main(), "P -0.5 0 0.6 0 0.6 0.18 -0.5 0.18");
        pen.line(pen.accent(), 0.08, "L -0.2 0.2 -0.2 0.7 L 0.3 0.2 0.3 0.7");
    }

    private static void lamp(Pen pen) {
        pen.line(pen.accent(), 0.12, "L 0 -0.1 0 0.85");
        pen.fill(pen.accent(), "P -0.4 0.95 -0.3 0.8 0.3 0.8 0.4 0.95");
        pen.fill(pen.main(), "P -0.32 -0.9 0.32 -0.9 0.7 0 -0.7 0");
    }

    private static void clock(Pen pen) {
        pen.disc(pen.main(), 0, 0, 0.92);
        pen.disc(pen.detail(), 0, 0, 0.74);
        pen.line(pen.main(), 0.12, "L 0 0 0 -0.55");
        pen.at(AffineTransform.getRotateInstance(pen.chance().between(0, 2 * Math.PI)))
                .line(pen.main(), 0.14, "L 0 0 0.42 0");
    }

    private static void cup(Pen pen) {
        pen.ring(pen.main(), 0.14, 0.55, 0.1, 0.3);
        pen.fill(pen.main(), "P -0.7 -0.35 0.55 -0.35 0.42 0.65 -0.55 0.65");
        pen.line(
                pen.accent(),
                0.07,
                "U -0.3 -0.5 -0.2 -0.65 -0.35 -0.8 -0.25 -0.95 U 0.15 -0.5 0.25 -0.65 0.1 -0.8 0.2 -0.95");
        pen.line(pen.accent(), 0.1, "L -0.8 0.78 0.7 0.78");
    }

    private static void bottle(Pen pen) {
        pen.fill(pen.accent(), "P -0.17 -0.98 0.17 -0.98 0.17 -0.78 -0.17 -0.78");
        pen.fill(pen.main(), "W 0 -0.8 0.14 -0.8 0.14 -0.45 0.38 -0.15 0.38 0.95 0 0.95");
        pen.fill(pen.detail(), "P -0.28 0.15 0.28 0.15 0.28 0.6 -0.28 0.6");
    }

    private static void key(Pen pen) {
        pen.ring(pen.main(), 0.2, -0.55, 0, 0.32);
        pen.line(pen.main(), 0.16, "L -0.2 0 0.9 0");
        pen.line(pen.main(), 0.14, "L 0.85 0 0.85 0.35 L 0.55 0 0.55 0.28");
    }

    private static void hammer(Pen pen) {
        pen.line(pen.accent(), 0.2, "L 0 -0.4 0 0.9");
        pen.fill(pen.main(), "P -0.6 -0.9 0.35 -0.9 0.8 -0.55 0.3 -0.4 -0.6 -0.4");
    }

    private static void umbrella(Pen pen) {
        pen.line(pen.accent(), 0.09, "U 0 -0.9 0 0.3 0 0.7 0.14 0.9 0.3 0.72");
        pen.fill(
                pen.main(),
                "P -0.95 0.05 -0.85 -0.35 -0.5 -0.72 0 -0.85 0.5 -0.72 0.85 -0.35 0.95 0.05 0.64 -0.1 0.32 0.05 0 -0.1 -0.32 0.05 -0.64 -0.1");
        pen.line(pen.detail(), 0.04, "L 0 -0.8 0.32 0 L 0 -0.8 -0.32 0");
    }

    private static void envelope(Pen pen) {
        pen.fill(pen.main(), "P -0.95 -0.6 0.95 -0.6 0.95 0.6 -0.95 0.6");
        pen.line(pen.detail(), 0.07, "L -0.9 -0.55 0 0.15 0.9 -0.55 L -0.9 0.55 -0.25 -0.02 L 0.9 0.55 0.25 -0.02");
    }

    private static void candle(Pen pen) {
        pen.fill(pen.main(), "P -0.22 -0.2 0.22 -0.2 0.22 0.75 -0.22 0.75");
        pen.line(pen.accent(), 0.06, "L 0 -0.2 0 -0.4");
        pen.fill(pen.accent(), "W 0 -0.98 0.13 -0.62 0.1 -0.42 0 -0.36");
        pen.fill(pen.accent(), "P -0.5 0.75 0.5 0.75 0.4 0.95 -0.4 0.95");
    }

    private static void bell(Pen pen) {
        pen.disc(pen.accent(), 0, 0.72, 0.2);
        pen.ring(pen.accent(), 0.1, 0, -0.85, 0.1);
        pen.fill(pen.main(), "W 0 -0.8 0.22 -0.74 0.42 -0.45 0.48 0.15 0.8 0.62 0 0.65");
        pen.line(pen.detail(), 0.06, "L -0.5 0.38 0.5 0.38");
    }

    private static void anchor(Pen pen) {
        pen.ring(pen.main(), 0.12, 0, -0.75, 0.18);
        pen.line(pen.main(), 0.15, "L 0 -0.55 0 0.85");
        pen.line(pen.main(), 0.13, "L -0.4 -0.3 0.4 -0.3");
        pen.line(pen.main(), 0.15, "U -0.8 0.2 -0.6 0.65 0 0.88 0.6 0.65 0.8 0.2");
        pen.fill(pen.main(), "P -0.95 0.4 -0.8 0 -0.55 0.32 P 0.95 0.4 0.8 0 0.55 0.32");
    }

    private static void crown(Pen pen) {
        pen.fill(pen.main(), "W 0 -0.7 0.38 0 0.9 -0.55 0.72 0.65 0 0.65");
        pen.disc(pen.accent(), 0, -0.72, 0.12);
        pen.disc(pen.accent(), -0.88, -0.57, 0.11);
        pen.disc(pen.accent(), 0.88, -0.57, 0.11);
        pen.line(pen.detail(), 0.08, "L -0.62 0.45 0.62 0.45");
    }

    private static void arrow(Pen pen) {
        pen.fill(pen.main(), "P -0.95 -0.2 0.15 -0.2 0.15 -0.6 0.95 0 0.15 0.6 0.15 0.2 -0.95 0.2");
    }

    private static void heart(Pen pen) {
        pen.fill(pen.main(), "V 0 -0.45 0 -0.45 0.2 -0.76 0.58 -0.82 0.92 -0.45 0.7 0.15 0 0.9 0 0.9");
    }

    private static void smile(Pen pen) {
        pen.disc(pen.main(), 0, 0, 0.92);
        pen.disc(pen.ground(), -0.33, -0.25, 0.13);
        pen.disc(pen.ground(), 0.33, -0.25, 0.13);
        pen.line(pen.ground(), 0.13, "U -0.5 0.22 -0.28 0.5 0 0.58 0.28 0.5 0.5 0.22");
    }
}
