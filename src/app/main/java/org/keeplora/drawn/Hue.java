package org.keeplora.drawn;

import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The colours that have a name in captions. */
enum Hue {
    RED(0.995, 0.85, 0.85),
    ORANGE(0.08, 0.92, 0.97),
    YELLOW(0.15, 0.82, 0.97),
    GREEN(0.34, 0.75, 0.62),
    BLUE(0.61, 0.82, 0.8),
    PURPLE(0.78, 0.62, 0.6),
    PINK(0.92, 0.4, 0.97),
    BROWN(0.065, 0.68, 0.42),
    BLACK(0, 0, 0.09),
    WHITE(0, 0, 0.97),
    GREY(0, 0, 0.55);

    private static final List<Hue> ALL = List.of(values());
    private static final double WIDE_APART = 0.55;

    private final double angle;
    private final double saturation;
    private final double brightness;

    /**
     * @param angle 0..1 around the colour circle from red
     * @param saturation 0 grey .. 1 pure
     * @param brightness 0 black .. 1
     */
    Hue(double angle, double saturation, double brightness) {
        this.angle = angle;
        this.saturation = saturation;
        this.brightness = brightness;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A random colour that a person would call by this name. */
    Color shade(Chance chance) {
        double vivid = saturation == 0 ? 0 : chance.between(-0.08, 0.08);
        return Colours.of(
                angle + chance.between(-0.012, 0.012), saturation + vivid, brightness + chance.between(-0.05, 0.05));
    }

    static Hue any(Chance chance) {
        return chance.oneOf(ALL);
    }

    /** Any hue whose colours contrast with this one's. */
    Hue other(Chance chance) {
        Color own = Colours.of(angle, saturation, brightness);
        return chance.oneOf(Arrays.stream(values())
                .filter(hue ->
                        Colours.distance(own, Colours.of(hue.angle, hue.saturation, hue.brightness)) > WIDE_APART)
                .toList());
    }
}
