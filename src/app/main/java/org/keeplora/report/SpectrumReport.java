package org.keeplora.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How zero-shot accuracy depends on how much of the attention weights' spectrum is kept (the paper's figure 1).
 *
 * @param datasets the evaluated data sets
 * @param points in the order of measurement
 */
public record SpectrumReport(List<String> datasets, List<Point> points) {
    /** The points, for plotting. */
    public static final String JSON_FILE = "spectrum.json";

    /** The points, for people. */
    public static final String MARKDOWN_FILE = "spectrum.md";

    /**
     * One evaluation.
     *
     * @param definition the definition of the share: "energy" (Σσ²) or "singular values" (Σσ)
     * @param share kept share, in (0, 1]
     * @param directions kept directions divided by all directions of all weights
     * @param percent accuracy on every data set
     */
    public record Point(String definition, double share, double directions, List<Double> percent) {
        /** Mean accuracy in percent. */
        public double mean() {
            return Metric.mean(percent);
        }
    }

    public SpectrumReport {
        datasets = List.copyOf(datasets);
        points = List.copyOf(points);
    }

    /** {datasets: [name], points: [{definition, share, directions, percent: [..]}]}. */
    public String json() {
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("spectrum cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** A table with one line per point. */
    public String markdown() {
        List<String> header = new ArrayList<>(List.of("share of", "kept", "directions %"));
        header.addAll(datasets);
        header.add("mean");
        MarkdownTable table = new MarkdownTable(header);
        for (Point point : points) {
            List<String> cells = new ArrayList<>(List.of(
                    point.definition(),
                    String.format(Locale.ROOT, "%.3f", point.share()),
                    one(100 * point.directions())));
            point.percent().forEach(value -> cells.add(one(value)));
            cells.add(one(point.mean()));
            table.add(cells);
        }
        return "# Zero-shot accuracy by retained share of the attention weights' spectrum\n\n"
                + table.text(table.widths());
    }

    private static String one(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
