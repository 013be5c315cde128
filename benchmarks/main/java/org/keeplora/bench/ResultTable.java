package org.keeplora.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * JMH's JSON as a Markdown table. Each line is one implementation of one problem, with the median, the spread, the
 * rates, the heap allocation per shot, and the peer's median divided by ours. Several files are rounds of the same
 * benchmarks; their shots are combined.
 *
 * <p>{@code java ... org.keeplora.bench.ResultTable round1.json round2.json ...}
 */
public final class ResultTable {
    /** What each of our implementations is compared with, in the order of the table. */
    private enum Peer {
        KEEPLORA("AUTHORS"),
        AUTHORS(""),
        CPU("TORCH_CPU"),
        TORCH_CPU(""),
        CUDA("TORCH_CUDA"),
        TORCH_CUDA("");

        private final String name;

        Peer(String name) {
            this.name = name;
        }
    }

    private static final String NONE = "–";
    private static final String THROUGHPUT = "thrpt";
    private static final String HEADER =
            "| benchmark | side | median | least to most (of) | GFLOP/s | GB/s | heap a shot"
                    + " | peer / ours |\n|---|---|---:|---:|---:|---:|---:|---:|\n";

    private final Map<String, Map<String, Line>> problems = new TreeMap<>();

    /** One implementation of one problem; a metric that was not measured is absent. */
    private record Line(Map<String, Shots> metrics, boolean throughput) {
        private static final String TIME = "primaryMetric";
        private static final String HEAP = "gc.alloc.rate.norm";

        static Line of(JsonNode run) {
            Map<String, Shots> metrics = new TreeMap<>();
            metrics.put(TIME, Shots.of(run.get(TIME)));
            for (String name : List.of(Rates.GFLOPS, Rates.GBPS, HEAP)) {
                JsonNode metric = run.path("secondaryMetrics").path(name);
                if (!metric.isMissingNode()) {
                    metrics.put(name, Shots.of(metric));
                }
            }
            return new Line(metrics, run.get("mode").asText().equals(THROUGHPUT));
        }

        Line and(Line more) {
            Map<String, Shots> both = new TreeMap<>(metrics);
            more.metrics.forEach((name, shots) -> both.merge(name, shots, Shots::and));
            return new Line(both, throughput);
        }

        Shots time() {
            return metrics.get(TIME);
        }

        String rate(String name) {
            return metrics.containsKey(name) ? Shots.digits(metrics.get(name).median()) : NONE;
        }

        String heap() {
            return metrics.containsKey(HEAP) ? Shots.digits(metrics.get(HEAP).median() / 1e3) + " kB" : NONE;
        }
    }

    public static void main(String[] arguments) throws IOException {
        ResultTable table = new ResultTable();
        for (String file : arguments) {
            table.add(new ObjectMapper().readTree(Path.of(file).toFile()));
        }
        System.out.print(table.markdown());
    }

    /** Adds the runs of one file. */
    void add(JsonNode runs) {
        for (JsonNode run : runs) {
            problems.computeIfAbsent(problem(run), unused -> new TreeMap<>(Comparator.comparing(ResultTable::place)))
                    .merge(side(run), Line.of(run), Line::and);
        }
    }

    private static String side(JsonNode run) {
        JsonNode parameters = run.path("params");
        return parameters
                .path("backend")
                .asText(parameters.path("implementation").asText(NONE));
    }

    /** The sort key: known implementations in their order, then the others. */
    private static String place(String side) {
        for (Peer peer : Peer.values()) {
            if (peer.name().equals(side)) {
                return String.valueOf(peer.ordinal());
            }
        }
        return "~" + side;
    }

    /** The benchmark with all parameters except the implementation; the number of threads last. */
    private static String problem(JsonNode run) {
        List<String> parts = new ArrayList<>();
        parts.add(shortName(run.get("benchmark").asText()));
        String threads = "";
        for (Map.Entry<String, JsonNode> parameter : run.path("params").properties()) {
            String value = parameter.getValue().asText();
            switch (parameter.getKey()) {
                case "backend", "implementation" -> {}
                case "threads" ->
                    threads = ", " + (value.equals("0") ? "all" : value) + (value.equals("1") ? " thread" : " threads");
                default -> parts.add(value);
            }
        }
        return String.join(", ", parts) + threads;
    }

    /** Class and method, without the package. */
    static String shortName(String benchmark) {
        return benchmark.replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1");
    }

    /** The table. */
    String markdown() {
        StringBuilder text = new StringBuilder(HEADER);
        problems.forEach((problem, sides) -> sides.forEach((side, line) -> text.append("| ")
                .append(String.join(
                        " | ",
                        problem,
                        side.toLowerCase(Locale.ROOT),
                        line.time().middle(),
                        line.time().spread(),
                        line.rate(Rates.GFLOPS),
                        line.rate(Rates.GBPS),
                        line.heap(),
                        ratio(sides, side)))
                .append(" |\n")));
        return text.toString();
    }

    private static String ratio(Map<String, Line> sides, String side) {
        for (Peer ours : Peer.values()) {
            if (ours.name().equals(side) && sides.containsKey(ours.name)) {
                Line line = sides.get(side);
                double times =
                        sides.get(ours.name).time().median() / line.time().median();
                return Shots.digits(line.throughput() ? 1 / times : times);
            }
        }
        return NONE;
    }
}
