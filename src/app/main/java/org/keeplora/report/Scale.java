package org.keeplora.report;

import java.util.DoubleSummaryStatistics;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The range that an axis or a colour map shows.
 *
 * @param low end, below high
 */
record Scale(double low, double high) {
    private static final double STEP = 20;
    private static final double MOST = 100;

    /** The multiples of {@value #STEP} percent that enclose {@code values}; NaN is ignored. */
    static Scale around(Stream<Double> values) {
        DoubleSummaryStatistics statistics = values.filter(value -> !value.isNaN())
                .mapToDouble(Double::doubleValue)
                .summaryStatistics();
        if (statistics.getCount() == 0) {
            return new Scale(0, MOST);
        }
        double low = STEP * Math.floor(statistics.getMin() / STEP);
        double high = STEP * Math.ceil(statistics.getMax() / STEP);
        return new Scale(low < high ? low : Math.max(0, low - STEP), low < high ? high : Math.max(STEP, high));
    }

    /** The ends in the form that a chart takes. */
    Map<String, Object> ends() {
        return Map.of("low", low, "high", high);
    }
}
