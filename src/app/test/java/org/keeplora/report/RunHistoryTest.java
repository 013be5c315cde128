package org.keeplora.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.keeplora.report.LossCurve.Point;

/** Losses are reduced as documented; memory is the system's figure. */
class RunHistoryTest {
    @Test
    void fewLossesStayAsTheyAre() {
        assertEquals(
                List.of(new Point(1, 3, 3, 3), new Point(2, 1, 1, 1)),
                LossCurve.of("t", new double[] {3, 1}).points());
        assertEquals(List.of(), LossCurve.of("t", new double[0]).points());
    }

    @Test
    void manyLossesBecomeAHundredPointsOfAllSteps() {
        double[] losses = IntStream.range(0, 1234).mapToDouble(i -> i % 7).toArray();
        List<Point> points = LossCurve.of("t", losses).points();
        assertEquals(100, points.size());
        assertEquals(1234, points.get(99).step());
        double sum = 0;
        int before = 0;
        for (Point point : points) {
            int steps = point.step() - before;
            assertTrue(steps == 12 || steps == 13, "a point of " + steps + " steps");
            assertEquals(0, point.least());
            assertEquals(6, point.most());
            sum += point.mean() * steps;
            before = point.step();
        }
        assertEquals(IntStream.range(0, 1234).map(i -> i % 7).sum(), sum, 1e-9, "no loss is left out");
    }

    @Test
    void aLossThatIsNoNumberCountsForNothing() {
        double[] losses = IntStream.range(0, 200)
                .mapToDouble(i -> i % 2 == 0 ? 5 : Double.NaN)
                .toArray();
        losses[198] = Double.POSITIVE_INFINITY;
        List<Point> points = LossCurve.of("t", losses).points();
        assertEquals(new Point(2, 5, 5, 5), points.get(0));
        assertEquals(new Point(200, Double.NaN, Double.NaN, Double.NaN), points.get(99));
    }

    @Test
    void peakMemoryIsReadFromTheKernelsLines() {
        assertEquals(
                2048 * 1024L,
                MemoryUse.peakResident(List.of("Name:\tjava", "VmPeak:\t  9000 kB", "VmHWM:\t    2048 kB")));
        assertNull(MemoryUse.peakResident(List.of("Name:\tjava")));
    }

    @Test
    void thisProcessHoldsMemory() {
        byte[] held = new byte[32 << 20];
        MemoryUse now = MemoryUse.now();
        assertTrue(now.heap() >= held.length, now + " with an array of 32 MB");
        assertTrue(now.resident() == null || now.resident() > held.length, now.toString());
    }
}
