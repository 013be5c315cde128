package org.keeplora.drawn;

import java.awt.Color;
import java.awt.geom.AffineTransform;
import java.util.List;

/** What people build on land, from above, north up. */
final class Settlements {
    static final List<Named<Figure>> ALL = List.of(
            Terrain.place("motorway", Settlements::motorway),
            Terrain.place("houses", Settlements::houses),
            Terrain.place("factories", Settlements::factories),
            Terrain.place("airport", Settlements::airport));

    private static final List<Color> TILES =
            List.of(new Color(0xb05a40), new Color(0x8c4a3a), new Color(0x77706c), new Color(0xc08a60));
    private static final List<Color> SHEDS =
            List.of(new Color(0xe4e4e0), new Color(0xc9cdd2), new Color(0x7f93a8), new Color(0xb98a70));
    private static final List<Color> CARS =
            List.of(Color.WHITE, new Color(0xc03030), new Color(0x2a4a90), new Color(0x202020));

    private Settlements() {}

    private static void motorway(Pen pen) {
        Chance chance = pen.chance();
        Terrain.land(pen);
        double middle = chance.between(-0.3, 0.3);
        double half = chance.between(0.26, 0.38);
        if (chance.happens(0.4)) {
            pen.curve(
                    Terrain.shade(pen, Terrain.CONCRETE),
                    0.14,
                    chance.between(-1, 1),
                    -Terrain.EDGE,
                    chance.between(-0.5, 0.5),
                    Terrain.EDGE);
        }
        pen.box(Terrain.shade(pen, Terrain.ASPHALT), -Terrain.EDGE, middle - half, Terrain.EDGE, middle + half);
        pen.box(Terrain.shade(pen, Terrain.GRASS), -Terrain.EDGE, middle - 0.04, Terrain.EDGE, middle + 0.04);
        for (double x = -1.8; x < Terrain.EDGE; x += 0.35) {
            pen.box(Color.WHITE, x, middle - half / 2 - 0.02, x + 0.17, middle - half / 2 + 0.02);
            pen.box(Color.WHITE, x, middle + half / 2 - 0.02, x + 0.17, middle + half / 2 + 0.02);
        }
        int cars = chance.count(4, 9);
        for (int car = 0; car < cars; car++) {
            double x = chance.between(-1.2, 1.2);
            double y = middle + half * (chance.happens(0.5) ? 0.27 : 0.75) * (chance.happens(0.5) ? 1 : -1);
            pen.box(chance.oneOf(CARS), x, y - 0.045, x + 0.16, y + 0.045);
        }
    }

    private static void houses(Pen pen) {
        Chance chance = pen.chance();
        Terrain.mottle(pen, Terrain.GRASS, Terrain.LEAVES, 3);
        double street = chance.between(-0.15, 0.15);
        pen.box(Terrain.shade(pen, Terrain.CONCRETE), -Terrain.EDGE, street - 0.09, Terrain.EDGE, street + 0.09);
        pen.box(Terrain.shade(pen, Terrain.CONCRETE), street - 0.09, -Terrain.EDGE, street + 0.09, Terrain.EDGE);
        for (int row = -3; row <= 3; row++) {
            for (int column = -3; column <= 3; column++) {
                if (row != 0 && column != 0) {
                    house(
                            pen,
                            street + column * 0.46 - Math.signum(column) * 0.12,
                            street + row * 0.46 - Math.signum(row) * 0.12);
                }
            }
        }
    }

    /** A ridged roof whose sunny half is brighter. */
    private static void house(Pen pen, double x, double y) {
        Chance chance = pen.chance();
        double wide = chance.between(0.1, 0.17);
        double high = chance.between(0.1, 0.15);
        double left = x + chance.between(-0.03, 0.03);
        Color roof = Terrain.shade(pen, chance.oneOf(TILES));
        pen.box(roof, left - wide, y - high, left + wide, y);
        pen.box(Colours.mix(roof, Color.BLACK, 0.35), left - wide, y, left + wide, y + high);
    }

    /** Large flat roofs with ridges, and round tanks, on paved ground. */
    private static void factories(Pen pen) {
        Chance chance = pen.chance();
        Terrain.mottle(pen, Terrain.CONCRETE, Terrain.ASPHALT, 3);
        double road = chance.between(-0.2, 0.2);
        pen.box(Terrain.shade(pen, Terrain.ASPHALT), -Terrain.EDGE, road - 0.08, Terrain.EDGE, road + 0.08);
        for (double x = -1.9; x < Terrain.EDGE; x += 0.95) {
            shed(pen, x + chance.between(-0.1, 0.1), road - chance.between(0.5, 0.65));
            if (chance.happens(0.4)) {
                tanks(pen, x, road + 0.3);
            } else {
                shed(pen, x + chance.between(-0.1, 0.1), road + chance.between(0.5, 0.65));
            }
        }
    }

    private static void shed(Pen pen, double x, double y) {
        Chance chance = pen.chance();
        double wide = chance.between(0.28, 0.4);
        double high = chance.between(0.24, 0.36);
        Color roof = Terrain.shade(pen, chance.oneOf(SHEDS));
        pen.box(
                Colours.mix(Terrain.ASPHALT, Color.BLACK, 0.6),
                x - wide + 0.06,
                y - high + 0.06,
                x + wide + 0.06,
                y + high + 0.06);
        pen.box(roof, x - wide, y - high, x + wide, y + high);
        Color ridge = Colours.mix(roof, Color.BLACK, 0.25);
        for (double line = y - high + 0.12; line < y + high - 0.05; line += 0.16) {
            pen.box(ridge, x - wide, line, x + wide, line + 0.05);
        }
    }

    private static void tanks(Pen pen, double x, double y) {
        for (int tank = 0; tank < 4; tank++) {
            double right = x + (tank % 2 == 0 ? -0.18 : 0.18);
            double below = y + (tank < 2 ? 0 : 0.36);
            pen.disc(Color.WHITE, right, below, 0.15);
            pen.ring(Terrain.ASPHALT, 0.04, right, below, 0.1);
        }
    }

    /** A runway with its markings, a taxiway, and aeroplanes on the apron between. */
    private static void airport(Pen pen) {
        Chance chance = pen.chance();
        Terrain.mottle(pen, Terrain.GRASS, Terrain.SOIL, 1.5);
        double runway = chance.between(-0.75, -0.35);
        Color asphalt = Colours.mix(Terrain.shade(pen, Terrain.ASPHALT), Color.BLACK, 0.3);
        pen.box(asphalt, -Terrain.EDGE, runway - 0.16, Terrain.EDGE, runway + 0.16);
        for (double x = -2; x < Terrain.EDGE; x += 0.4) {
            pen.box(Color.WHITE, x, runway - 0.025, x + 0.2, runway + 0.025);
        }
        Color apron = Terrain.shade(pen, Terrain.CONCRETE);
        double crossing = chance.between(-0.7, 0.7);
        pen.box(apron, crossing - 0.09, runway + 0.16, crossing + 0.09, runway + 0.6);
        pen.box(apron, -Terrain.EDGE, runway + 0.45, Terrain.EDGE, runway + 1.15);
        double turn = chance.happens(0.5) ? Math.PI / 2 : -Math.PI / 2;
        for (double x = -0.95; x < 1; x += 0.62) {
            if (chance.happens(0.75)) {
                AffineTransform stand =
                        AffineTransform.getTranslateInstance(x + chance.between(-0.05, 0.05), runway + 0.82);
                stand.rotate(turn);
                stand.scale(0.27, 0.27);
                Vehicles.aeroplane(pen.at(stand));
            }
        }
        pen.box(Terrain.shade(pen, SHEDS.get(1)), -1, runway + 1.2, 0.8, runway + 1.5);
    }
}
