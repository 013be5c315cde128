package org.keeplora.report;

import java.util.List;
import java.util.Map;
import org.keeplora.report.Charts.Chart;

/**
 * A bar with a label before it and a text after it.
 *
 * @param value the length; NaN for none
 * @param style number of the colour
 * @param own whether the bar is for our own runs and so has a frame
 */
record Bar(String label, double value, String text, int style, boolean own) {
    /** Bars below each other, on a scale from 0 to {@code most}. */
    static Chart chart(String description, List<Bar> bars, double most) {
        return new Chart(
                "bars",
                description,
                Map.of(
                        "labels", bars.stream().map(Bar::label).toList(),
                        "values", Charts.orNulls(bars.stream().map(Bar::value).toList()),
                        "texts", bars.stream().map(Bar::text).toList(),
                        "styles", bars.stream().map(Bar::style).toList(),
                        "own", bars.stream().map(Bar::own).toList(),
                        "high", most > 0 ? most : 1));
    }
}
