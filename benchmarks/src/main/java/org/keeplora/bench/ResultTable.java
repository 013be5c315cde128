package org.keeplora.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;

/**
 * JMH's JSON to a Markdown table on standard output: per benchmark the median of both sides, their spread and the ratio of the
 * medians. Several files are rounds of the same benchmarks: their shots are taken together.
 *
 * <p>{@code java ... org.keeplora.bench.ResultTable round1.json round2.json ...}
 */
public final class ResultTable {
    private ResultTable() {}

    /** Shots of one side, ascending. */
    private record Shots(double[] values, String unit) {
        static Shots of(JsonNode metric) {
            double[] values = StreamSupport.stream(metric.get("rawData").spliterator(), false)
                    .flatMapToDouble(fork ->
                            StreamSupport.stream(fork.spliterator(), false).mapToDouble(JsonNode::asDouble))
                    .sorted()
                    .toArray();
            return new Shots(values, metric.get("scoreUnit").asText().replace("/op", ""));
        }

        Shots and(Shots more) {
            return new Shots(
                    DoubleStream.concat(Arrays.stream(values), Arrays.stream(more.values))
                            .sorted()
                            .toArray(),
                    unit);
        }

        double median() {
            int middle = values.length / 2;
            return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%.1f %s (%.1f to %.1f, %d shots)",
                    median(),
                    unit,
                    values[0],
                    values[values.length - 1],
                    values.length);
        }
    }

    public static void main(String[] arguments) throws IOException {
        Map<String, Map<Implementation, Shots>> rows = new TreeMap<>();
        for (String file : arguments) {
            for (JsonNode run : new ObjectMapper().readTree(Path.of(file).toFile())) {
                rows.computeIfAbsent(name(run), unused -> new EnumMap<>(Implementation.class))
                        .merge(
                                Implementation.valueOf(
                                        run.at("/params/implementation").asText()),
                                Shots.of(run.get("primaryMetric")),
                                Shots::and);
            }
        }
        System.out.println("| benchmark | " + String.join(" | ", names()) + " | ratio of medians |");
        System.out.println("|---|" + "---:|".repeat(Implementation.values().length + 1));
        rows.forEach((name, sides) -> {
            Shots ours = sides.get(Implementation.KEEPLORA);
            Shots theirs = sides.get(Implementation.AUTHORS);
            double ratio = theirs.median() / ours.median();
            System.out.printf(Locale.ROOT, "| %s | %s | %s | %.1f |%n", name, ours, theirs, ratio);
        });
    }

    private static String name(JsonNode run) {
        String name = run.get("benchmark").asText().replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1");
        return name + ", " + run.at("/params/threads").asText() + " threads";
    }

    private static Iterable<String> names() {
        return Arrays.stream(Implementation.values())
                .map(side -> side.name().toLowerCase(Locale.ROOT))
                .toList();
    }
}
