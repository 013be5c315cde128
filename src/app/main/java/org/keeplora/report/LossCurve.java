package org.keeplora.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/**
 * The training loss of one task, reduced to at most {@value #MOST_POINTS} points, so that the report of a long run
 * stays small.
 *
 * <p>The steps are divided into as many intervals of equal length (to within one step) as there are points. A point has
 * the last step of its interval, and the mean, minimum and maximum of the interval's finite losses. Up to {@value
 * #MOST_POINTS} steps, every step is a point.
 *
 * @param task its name
 * @param points in the order of the steps
 */
public record LossCurve(String task, List<Point> points) {
    static final int MOST_POINTS = 100;

    /**
     * An interval of steps.
     *
     * @param step number of its last step, from 1
     * @param mean mean loss; NaN when no step had a finite one
     * @param least minimum loss
     * @param most maximum loss
     */
    public record Point(int step, double mean, double least, double most) {
        private static Point of(double[] losses, int from, int to) {
            DoubleSummaryStatistics finite =
                    Arrays.stream(losses, from, to).filter(Double::isFinite).summaryStatistics();
            return finite.getCount() == 0
                    ? new Point(to, Double.NaN, Double.NaN, Double.NaN)
                    : new Point(to, finite.getAverage(), finite.getMin(), finite.getMax());
        }
    }

    public LossCurve {
        points = List.copyOf(points);
    }

    /** @param losses of every step of the task, in order; may be empty */
    public static LossCurve of(String task, double[] losses) {
        int count = Math.min(losses.length, MOST_POINTS);
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            points.add(Point.of(losses, bound(losses, i, count), bound(losses, i + 1, count)));
        }
        return new LossCurve(task, points);
    }

    /** The number of steps of the task. */
    int steps() {
        return points.isEmpty() ? 0 : points.get(points.size() - 1).step();
    }

    private static int bound(double[] losses, int run, int runs) {
        return (int) ((long) losses.length * run / runs);
    }
}
