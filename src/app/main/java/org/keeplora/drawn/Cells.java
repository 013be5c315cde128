package org.keeplora.drawn;

import java.awt.geom.AffineTransform;
import java.util.ArrayList;
import java.util.List;

/** Parts of a picture that do not overlap, for several figures. */
final class Cells {
    private static final double HALF = 0.5;

    private Cells() {}

    /**
     * The whole picture for one figure; for up to four figures, that many of its quarters, in random order.
     *
     * @return maps from the square -1..1 to the cells
     */
    static List<AffineTransform> of(int count, Chance chance) {
        List<AffineTransform> cells = new ArrayList<>();
        if (count == 1) {
            cells.add(new AffineTransform());
            return cells;
        }
        List<Integer> quarters = new ArrayList<>(List.of(0, 1, 2, 3));
        for (int cell = 0; cell < count; cell++) {
            int quarter = quarters.remove(chance.count(0, quarters.size() - 1));
            double x = quarter % 2 == 0 ? -HALF : HALF;
            double y = quarter < 2 ? -HALF : HALF;
            cells.add(new AffineTransform(HALF, 0, 0, HALF, x, y));
        }
        return cells;
    }
}
