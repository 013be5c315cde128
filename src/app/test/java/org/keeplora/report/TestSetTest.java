package org.keeplora.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Uncertainty and chance level of accuracies and of their means. */
class TestSetTest {
    /** Rounding of the quantile, which has six decimals. */
    private static final double ROUNDING = 1e-5;

    /** Half the width of published intervals: 15 of 20 is 53.1 to 88.8 %, 0 of 10 is 0 to 27.8 % */
    @ParameterizedTest
    @CsvSource({
        "20, 75, 17.841959",
        "10, 0, 13.876640",
        "10, 100, 13.876640",
        "1000, 50, 3.093040",
        "1000, 65.3, 2.945254",
        "20000, 50, 0.692885",
    })
    void marginIsHalfOfWilsonsInterval(int images, double percent, double points) {
        assertEquals(points, new TestSet(images, 7).margin(percent), ROUNDING);
    }

    @Test
    void chanceIsOneOfTheClasses() {
        assertEquals(100, new TestSet(5, 1).chance());
        assertEquals(12.5, new TestSet(5, 8).chance());
    }

    @Test
    void aSetHasImagesAndClasses() {
        String message = assertThrows(IllegalArgumentException.class, () -> new TestSet(0, 3))
                .getMessage();
        assertEquals("test set: 0 images of 3 classes; needs at least one of each", message);
        assertThrows(IllegalArgumentException.class, () -> new TestSet(3, 0));
    }

    @Test
    void marginsOfIndependentSetsAddAsSquares() {
        Map<String, TestSet> sets =
                Map.of("a", new TestSet(1000, 4), "b", new TestSet(20, 10), "other", new TestSet(1, 1));
        Accuracies mean = Accuracies.of(List.of("a", "b", "c"), List.of(50.0, 75.0, Double.NaN), sets);
        assertEquals(62.5, mean.mean());
        assertEquals(Math.hypot(3.093040, 17.841959) / 2, mean.margin(), ROUNDING);
        assertEquals(17.5, mean.chance());
        assertEquals(1020, mean.images());
    }

    @Test
    void oneUnknownSizeMakesTheMeanUncertain() {
        Accuracies mean = Accuracies.of(List.of("a", "b"), List.of(50.0, 75.0), Map.of("a", new TestSet(1000, 4)));
        assertEquals(62.5, mean.mean());
        assertTrue(Double.isNaN(mean.margin()) && Double.isNaN(mean.chance()));
        assertEquals(0, mean.images());
    }
}
