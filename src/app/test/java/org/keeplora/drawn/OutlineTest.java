package org.keeplora.drawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutlineTest {
    @Test
    void straightStrandsOneAfterTheOther() {
        assertEquals(
                List.of("M 0.0 0.0", "L 1.0 0.0", "M 0.0 1.0", "L 1.0 1.0", "L 1.0 2.0", "L 0.0 1.0", "Z"),
                pieces("L 0 0 1 0 P 0 1 1 1 1 2"));
    }

    @Test
    void theOtherHalfIsAMirrorImage() {
        assertEquals(pieces("P 0 -1 0.5 0 0 1 -0.5 0"), pieces("W 0 -1 0.5 0 0 1"));
        assertEquals(pieces("O 0 -1 0.5 0 0.2 1 -0.2 1 -0.5 0"), pieces("V 0 -1 0.5 0 0.2 1"));
    }

    @Test
    void smoothStrandsPassThroughTheirPoints() {
        List<String> pieces = pieces("U -1 0 0 1 1 0");

        assertEquals("M -1.0 0.0", pieces.get(0));
        assertTrue(pieces.get(1).endsWith(" 0.0 1.0"), pieces.get(1));
        assertTrue(pieces.get(2).endsWith(" 1.0 0.0"), pieces.get(2));
        assertEquals(3, pieces.size());
    }

    @Test
    void aPointGivenTwiceIsACorner() {
        List<String> pieces = pieces("U -1 0 0 1 0 1 1 0");

        assertEquals("L 0.0 1.0", pieces.get(2));
        assertEquals(4, pieces.size());
    }

    @Test
    void pointsAreMapped() {
        Path2D path = Outline.of("L 0 0 1 1").path(points -> {
            for (int i = 0; i < points.length; i++) {
                points[i] = 10 * points[i] + 1;
            }
        });

        assertEquals(1, path.getBounds2D().getMinX());
        assertEquals(11, path.getBounds2D().getMaxY());
    }

    @Test
    void whatCannotBeRead() {
        var letter = assertThrows(IllegalArgumentException.class, () -> Outline.of("L 0 0 1 1 X 0 0 1 1"));
        assertEquals(
                "Outline \"L 0 0 1 1 X 0 0 1 1\": strand \"X 0 0 1 1\" begins with none of L P U O W V",
                letter.getMessage());
        var odd = assertThrows(IllegalArgumentException.class, () -> Outline.of("L 0 0 1"));
        assertEquals(
                "Outline \"L 0 0 1\": strand \"L 0 0 1\" has 3 numbers; it needs pairs, at least two",
                odd.getMessage());
    }

    private static List<String> pieces(String outline) {
        List<String> pieces = new ArrayList<>();
        double[] points = new double[6];
        for (PathIterator at = Outline.of(outline).path(all -> {}).getPathIterator(null); !at.isDone(); at.next()) {
            int kind = at.currentSegment(points);
            int numbers = kind == PathIterator.SEG_CUBICTO ? 6 : kind == PathIterator.SEG_CLOSE ? 0 : 2;
            StringBuilder piece = new StringBuilder("MLQCZ".substring(kind, kind + 1));
            for (int i = 0; i < numbers; i++) {
                piece.append(' ').append(points[i] + 0.0);
            }
            pieces.add(piece.toString());
        }
        return pieces;
    }
}
