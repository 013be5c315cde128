package org.keeplora.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One run, as {@code metrics.json} and as a Markdown table.
 *
 * @param title name of the run
 * @param accuracy complete table
 * @param ranks protected directions by site, one map for each task; empty maps where nothing is protected
 * @param seconds by stage
 * @param versions of everything that computed
 * @param config the full configuration
 */
public record RunReport(
        String title,
        AccuracyTable accuracy,
        List<Map<String, Integer>> ranks,
        Map<String, Double> seconds,
        Map<String, String> versions,
        Map<String, Object> config) {
    private static final int SCHEMA = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The whole report as indented JSON. */
    public String json() {
        ContinualMetrics metrics = ContinualMetrics.of(accuracy);
        ObjectNode root = JSON.createObjectNode().put("schema", SCHEMA).put("title", title);
        root.set("tasks", JSON.valueToTree(accuracy.tasks()));
        ObjectNode table = root.putObject("accuracy");
        table.set("zero_shot", numbers(accuracy.zeroShot()));
        ArrayNode rows = table.putArray("after_task");
        for (int row = 0; row < accuracy.learned(); row++) {
            rows.add(numbers(accuracy.row(row)));
        }
        ObjectNode values = root.putObject("metrics");
        put(values, "transfer", metrics.transfer());
        put(values, "average", metrics.average());
        put(values, "last", metrics.last());
        put(values, "forgetting", metrics.forgetting());
        put(values, "backward_transfer", metrics.backwardTransfer());
        root.set("ranks", JSON.valueToTree(ranks));
        root.set("seconds", JSON.valueToTree(seconds));
        root.set("versions", JSON.valueToTree(versions));
        root.set("config", JSON.valueToTree(config));
        return root.toPrettyString() + "\n";
    }

    private static void put(ObjectNode values, String name, double[] byTask) {
        ObjectNode metric = values.putObject(name);
        double mean = ContinualMetrics.mean(byTask);
        if (Double.isNaN(mean)) {
            metric.putNull("mean");
        } else {
            metric.put("mean", mean);
        }
        metric.set("by_task", numbers(byTask));
    }

    /** JSON has no NaN: a missing value is null. */
    private static ArrayNode numbers(double[] values) {
        ArrayNode array = JSON.createArrayNode();
        for (double value : values) {
            if (Double.isNaN(value)) {
                array.addNull();
            } else {
                array.add(value);
            }
        }
        return array;
    }

    /** Accuracy table, metrics and stage times in Markdown, aligned for a terminal. */
    public String markdown() {
        ContinualMetrics metrics = ContinualMetrics.of(accuracy);
        List<List<String>> lines = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of(title));
        header.addAll(accuracy.tasks());
        header.add("mean");
        lines.add(header);
        lines.add(line("zero-shot", accuracy.zeroShot()));
        for (int row = 0; row < accuracy.learned(); row++) {
            lines.add(line("after " + accuracy.tasks().get(row), accuracy.row(row)));
        }
        lines.add(line("**Transfer**", metrics.transfer()));
        lines.add(line("**Average**", metrics.average()));
        lines.add(line("**Last**", metrics.last()));
        lines.add(line("forgetting", metrics.forgetting()));
        String stages = seconds.entrySet().stream()
                .map(stage -> String.format(Locale.ROOT, "%s %.1f", stage.getKey(), stage.getValue()))
                .collect(Collectors.joining(", "));
        return aligned(lines) + "\nAccuracy in percent. Seconds: " + stages + ".\n";
    }

    private static List<String> line(String name, double[] values) {
        List<String> cells = new ArrayList<>(List.of(name));
        for (double value : values) {
            cells.add(cell(value));
        }
        cells.add(cell(ContinualMetrics.mean(values)));
        return cells;
    }

    private static String cell(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.1f", value);
    }

    private static String aligned(List<List<String>> lines) {
        int columns = lines.get(0).size();
        int[] widths = new int[columns];
        lines.forEach(cells -> {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], cells.get(i).length());
            }
        });
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < lines.size(); row++) {
            text.append('|');
            for (int i = 0; i < columns; i++) {
                String format = i == 0 ? " %-" + widths[i] + "s |" : " %" + widths[i] + "s |";
                text.append(String.format(format, lines.get(row).get(i)));
            }
            text.append('\n');
            if (row == 0) {
                text.append('|');
                for (int i = 0; i < columns; i++) {
                    text.append(i == 0 ? ":" : "-")
                            .append("-".repeat(widths[i]))
                            .append(i == 0 ? "-|" : ":|");
                }
                text.append('\n');
            }
        }
        return text.toString();
    }
}
