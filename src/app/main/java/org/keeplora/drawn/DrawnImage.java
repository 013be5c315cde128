package org.keeplora.drawn;

import java.util.Locale;
import org.keeplora.data.ImageSource;
import org.keeplora.data.RgbImage;

/**
 * A picture that is drawn each time it is read, always with the same bytes.
 *
 * @param id set, half, class and index, for example {@code vehicles/test/bus#17}
 * @param seed seed of this picture alone; it depends on the benchmark's version and seed
 * @param size pixels a side
 * @param drawing what it shows
 */
record DrawnImage(String id, long seed, int size, Drawing drawing) implements ImageSource {
    /** Seed, size, and the version of Java, because another version may rasterise an edge differently. */
    @Override
    public String stamp() {
        return String.format(
                Locale.ROOT, "%016x %d %d", seed, size, Runtime.version().feature());
    }

    @Override
    public RgbImage read() {
        Canvas canvas = new Canvas(size, seed);
        drawing.on(canvas);
        return canvas.toImage();
    }
}
