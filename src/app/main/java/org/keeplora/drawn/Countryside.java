package org.keeplora.drawn;

import java.awt.Color;
import java.util.Arrays;
import java.util.List;

/** Land and water without buildings, from above, north up. */
final class Countryside {
    static final List<Named<Figure>> ALL = List.of(
            Terrain.place("forest", Countryside::forest),
            Terrain.place("orchard", Countryside::orchard),
            Terrain.place("pasture", Countryside::pasture),
            Terrain.place("crop fields", Countryside::cropFields),
            Terrain.place("river", Countryside::river),
            Terrain.place("lake", Countryside::lake),
            Terrain.place("sea", Countryside::sea),
            Terrain.place("beach", Countryside::beach));

    private static final List<Color> CROPS = List.of(
            new Color(0x8fb04e), new Color(0xd0bc5a), new Color(0xa37c4c), new Color(0x5f8c3f), new Color(0xc4a874));

    private Countryside() {}

    private static void forest(Pen pen) {
        crowns(pen, Terrain.SHADE, pen.chance().between(3.2, 4.6), 0.7, 0.75);
    }

    private static void orchard(Pen pen) {
        crowns(
                pen,
                pen.chance().happens(0.5) ? Terrain.SOIL : Terrain.GRASS,
                pen.chance().between(2.1, 2.8),
                0.08,
                0.4);
    }

    /**
     * Round tree tops, lit from the north-west: {@code density} per unit of length, moved from a grid by up to {@code
     * disorder}.
     */
    private static void crowns(Pen pen, Color below, double density, double disorder, double radius) {
        Noise across = new Noise(pen.chance().bits());
        Noise down = new Noise(pen.chance().bits());
        int ground = Terrain.shade(pen, below).getRGB();
        int dark = Colours.mix(Terrain.shade(pen, Terrain.LEAVES), Terrain.SHADE, 0.6)
                .getRGB();
        int bright = Colours.mix(Terrain.shade(pen, Terrain.LEAVES), Terrain.GRASS, 0.5)
                .getRGB();
        pen.everywhere((px, py) -> {
            double x = px * density;
            double y = py * density;
            int column = (int) Math.floor(x);
            int row = (int) Math.floor(y);
            double nearest = radius * radius;
            double lit = 0;
            for (int i = column - 1; i <= column + 1; i++) {
                for (int j = row - 1; j <= row + 1; j++) {
                    double right = x - i - 0.5 - disorder * (across.of(i, j) - 0.5);
                    double under = y - j - 0.5 - disorder * (down.of(i, j) - 0.5);
                    double distance = right * right + under * under;
                    if (distance < nearest) {
                        nearest = distance;
                        lit = 0.5 - 0.4 * (right + under) / radius;
                    }
                }
            }
            return Colours.blend(Colours.blend(dark, bright, lit), ground, (Math.sqrt(nearest) / radius - 0.85) / 0.15);
        });
    }

    private static void pasture(Pen pen) {
        Chance chance = pen.chance();
        Terrain.mottle(pen, Terrain.GRASS, Colours.mix(Terrain.GRASS, CROPS.get(0), 0.6), 0.8);
        double hedge = chance.between(-0.9, 0.9);
        Color bushes = Terrain.shade(pen, Terrain.SHADE);
        pen.curve(bushes, 0.1, -Terrain.EDGE, hedge, 0, hedge + chance.between(-0.1, 0.1), Terrain.EDGE, hedge);
        pen.curve(bushes, 0.1, hedge, -Terrain.EDGE, hedge + chance.between(-0.1, 0.1), 0, hedge, Terrain.EDGE);
        int animals = chance.count(7, 14);
        for (int animal = 0; animal < animals; animal++) {
            pen.disc(Color.WHITE, chance.between(-0.9, 0.9), chance.between(-0.9, 0.9), 0.055);
        }
    }

    /** Rectangular fields of several crops, each furrowed along or across. */
    private static void cropFields(Pen pen) {
        Chance chance = pen.chance();
        Noise crop = new Noise(chance.bits());
        Noise direction = new Noise(chance.bits());
        double wide = chance.between(0.6, 1.1);
        double high = chance.between(0.5, 0.9);
        double furrows = chance.between(7, 11);
        double from = chance.between(0, 1);
        int[] crops = CROPS.stream()
                .mapToInt(colour -> Terrain.shade(pen, colour).getRGB())
                .toArray();
        pen.everywhere((x, y) -> {
            int row = (int) Math.floor(y / high + from);
            double across = x / wide + crop.of(row, -1);
            int column = (int) Math.floor(across);
            int colour = crops[(int) (crop.of(column, row) * crops.length)];
            double phase = (direction.of(column, row) < 0.5 ? x : y) * furrows * Math.PI;
            boolean border = Math.abs(across - Math.rint(across)) * wide < 0.03
                    || Math.abs(y / high + from - Math.rint(y / high + from)) * high < 0.03;
            return Colours.blend(colour, Terrain.SHADE.getRGB(), border ? 0.5 : 0.12 + 0.12 * Math.sin(phase));
        });
    }

    private static void river(Pen pen) {
        Chance chance = pen.chance();
        Terrain.land(pen);
        double[] bends = new double[14];
        for (int i = 0; i < bends.length; i += 2) {
            bends[i] = -Terrain.EDGE + i * Terrain.EDGE / 6;
            bends[i + 1] = chance.between(-0.5, 0.5);
        }
        double width = chance.between(0.2, 0.4);
        pen.curve(Terrain.shade(pen, Terrain.SAND), width + 0.1, bends);
        pen.curve(Terrain.shade(pen, Terrain.WATER), width, bends);
    }

    private static void lake(Pen pen) {
        Chance chance = pen.chance();
        Terrain.land(pen);
        double x = chance.between(-0.25, 0.25);
        double y = chance.between(-0.25, 0.25);
        int corners = 9;
        double[] shore = new double[2 * corners];
        double[] water = new double[2 * corners];
        for (int corner = 0; corner < corners; corner++) {
            double angle = 2 * Math.PI * corner / corners;
            double radius = chance.between(0.4, 0.8);
            shore[2 * corner] = x + (radius + 0.07) * Math.cos(angle);
            shore[2 * corner + 1] = y + (radius + 0.07) * Math.sin(angle);
            water[2 * corner] = x + radius * Math.cos(angle);
            water[2 * corner + 1] = y + radius * Math.sin(angle);
        }
        pen.blob(Terrain.shade(pen, Terrain.SAND), shore);
        pen.blob(Terrain.shade(pen, Terrain.WATER), water);
    }

    private static void sea(Pen pen) {
        Chance chance = pen.chance();
        Noise swell = new Noise(chance.bits());
        Noise foam = new Noise(chance.bits());
        int deep = Terrain.shade(pen, Terrain.WATER).getRGB();
        int bright = Terrain.shade(pen, Terrain.SHALLOWS).getRGB();
        double length = chance.between(1.5, 3);
        pen.everywhere((x, y) -> {
            int water = Colours.blend(deep, bright, swell.at(x * length, y * 9));
            return Colours.blend(water, 0xffffff, (foam.at(x * length * 2, y * 13) - 0.78) * 4);
        });
        if (chance.happens(0.3)) {
            double x = chance.between(-0.6, 0.6);
            double y = chance.between(-0.6, 0.6);
            pen.polygon(Colours.mix(Terrain.WATER, Color.WHITE, 0.6), x, y, x - 0.7, y - 0.15, x - 0.7, y + 0.15);
            pen.polygon(
                    Color.WHITE,
                    x - 0.1,
                    y - 0.06,
                    x + 0.1,
                    y - 0.06,
                    x + 0.2,
                    y,
                    x + 0.1,
                    y + 0.06,
                    x - 0.1,
                    y + 0.06);
        }
    }

    private static void beach(Pen pen) {
        Chance chance = pen.chance();
        Terrain.mottle(pen, Terrain.SAND, Colours.mix(Terrain.SAND, Terrain.SOIL, 0.3), 2);
        double line = chance.between(-0.3, 0.3);
        double[] surf = new double[18];
        for (int i = 0; i < surf.length; i += 2) {
            surf[i] = -Terrain.EDGE + i * Terrain.EDGE / 8;
            surf[i + 1] = line + chance.between(-0.1, 0.1);
        }
        pen.curve(Color.WHITE, 0.22, surf);
        double[] water = Arrays.copyOf(surf, surf.length + 4);
        water[surf.length] = Terrain.EDGE;
        water[surf.length + 1] = 3;
        water[surf.length + 2] = -Terrain.EDGE;
        water[surf.length + 3] = 3;
        pen.polygon(Terrain.shade(pen, Terrain.SHALLOWS), water);
        pen.box(Terrain.shade(pen, Terrain.WATER), -Terrain.EDGE, line + 0.5, Terrain.EDGE, 3);
        int parasols = chance.count(2, 6);
        for (int parasol = 0; parasol < parasols; parasol++) {
            pen.disc(Hue.any(chance).shade(chance), chance.between(-0.9, 0.9), line - chance.between(0.2, 0.7), 0.07);
        }
    }
}
