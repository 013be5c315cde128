package org.keeplora.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The runs of a study in one CSV file, one figure per line; benchmarks/results/README.md describes the columns.
 *
 * <p>Arguments: the file to write, then the folders of finished runs. The name of a run's folder, without the seed at
 * its end, is the variant.
 */
public final class StudyFile {
    private static final String HEADER = "variant,seed,figure,after,of,value";
    private static final List<String> METRICS =
            List.of("transfer", "average", "last", "forgetting", "backwardTransfer");
    private static final String SEPARATOR = ",";

    private final JsonNode metrics;
    private final String run;
    private final List<String> lines;

    private StudyFile(JsonNode metrics, String run, List<String> lines) {
        this.metrics = metrics;
        this.run = run;
        this.lines = lines;
    }

    /**
     * A line.
     *
     * @param after the task learned last, or "zero-shot" or "pre-training"; empty for the whole run
     * @param of the data set, the kind of site or the stage; empty for all of them
     */
    record Figure(String variant, String seed, String figure, String after, String of, double value) {}

    public static void main(String[] arguments) throws IOException {
        List<String> lines = new ArrayList<>(List.of(HEADER));
        for (String folder : List.of(arguments).subList(1, arguments.length)) {
            JsonNode metrics =
                    new ObjectMapper().readTree(Path.of(folder, "metrics.json").toFile());
            String seed = metrics.get("seed").asText();
            String variant = Path.of(folder).getFileName().toString().replaceFirst("(-seed)?-" + seed + "$", "");
            new StudyFile(metrics, variant + SEPARATOR + seed, lines).add();
        }
        Files.writeString(Path.of(arguments[0]), String.join("\n", lines) + "\n");
    }

    /** The figures of a file, by variant and then by seed. */
    static Map<String, Map<String, List<Figure>>> read(Path file) throws IOException {
        Map<String, Map<String, List<Figure>>> runs = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] cells = line.split(SEPARATOR);
            if (!line.equals(HEADER)) {
                Figure figure = new Figure(
                        cells[0], cells[1], cells[2], cells[3], cells[4], Double.parseDouble(cells[cells.length - 1]));
                runs.computeIfAbsent(figure.variant(), unused -> new TreeMap<>())
                        .computeIfAbsent(figure.seed(), unused -> new ArrayList<>())
                        .add(figure);
            }
        }
        return runs;
    }

    private void add() {
        List<String> tasks = names(metrics.get("tasks"));
        percent("accuracy", "zero-shot", tasks, metrics.at("/accuracy/zeroShot"));
        metrics.at("/accuracy/rows")
                .forEach(row -> percent("accuracy", row.get("after").asText(), tasks, row.get("percent")));
        METRICS.forEach(name -> line(name, "", "", metrics.at("/metrics/" + name + "/mean")));
        List<String> probes = names(metrics.at("/general/probes"));
        metrics.at("/general/rows")
                .forEach(row -> percent("general", row.get("after").asText(), probes, row.get("percent")));
        protectedDirections();
        metrics.get("stages")
                .forEach(stage -> line("seconds", "", stage.get("name").asText(), stage.get("seconds")));
        metrics.path("tests")
                .properties()
                .forEach(test ->
                        line("test images", "", test.getKey(), test.getValue().get("images")));
        metrics.path("uncertainty").properties().forEach(of -> line("uncertainty", "", of.getKey(), of.getValue()));
    }

    private static List<String> names(JsonNode names) {
        List<String> all = new ArrayList<>();
        names.forEach(name -> all.add(name.asText()));
        return all;
    }

    private void percent(String figure, String after, List<String> of, JsonNode values) {
        for (int i = 0; i < values.size(); i++) {
            line(figure, after, of.get(i), values.get(i));
        }
    }

    private void line(String figure, String after, String of, JsonNode value) {
        if (!value.isNull() && !value.isMissingNode()) {
            lines.add(String.join(SEPARATOR, run, figure, plain(after), plain(of), value.asText()));
        }
    }

    private static String plain(String name) {
        if (name.contains(SEPARATOR) || name.contains("\"")) {
            throw new IllegalArgumentException(
                    "a name in a study is " + name + "; it must be without commas and quotes");
        }
        return name;
    }

    /** Adds the protected directions of the kinds of vision sites, over the blocks of the tower. */
    private void protectedDirections() {
        JsonNode rows = metrics.at("/ranks/rows");
        Map<String, List<String>> kinds = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> site : metrics.at("/ranks/widths").properties()) {
            if (site.getKey().startsWith("vision") && !rows.isEmpty()) {
                kinds.computeIfAbsent(site.getKey().replaceFirst("\\.\\d+\\.", "."), unused -> new ArrayList<>())
                        .add(site.getKey());
            }
        }
        kinds.forEach((kind, sites) ->
                line("width", "", kind, metrics.at("/ranks/widths").get(sites.get(0))));
        for (JsonNode row : rows) {
            kinds.forEach((kind, sites) -> {
                int[] directions = sites.stream()
                        .mapToInt(site -> row.get("ranks").get(site).asInt())
                        .sorted()
                        .toArray();
                String after = row.get("after").asText();
                protectedLine(
                        "mean", after, kind, Arrays.stream(directions).average().orElseThrow());
                protectedLine("least", after, kind, directions[0]);
                protectedLine("most", after, kind, directions[directions.length - 1]);
            });
        }
    }

    private void protectedLine(String which, String after, String kind, double directions) {
        lines.add(String.join(SEPARATOR, run, "protected " + which, after, kind, Double.toString(directions)));
    }
}
