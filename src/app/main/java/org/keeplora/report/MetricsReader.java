package org.keeplora.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.keeplora.store.BadFile;

/** Reads files of {@link MetricsJson}. Metrics are not read but computed again from the accuracies. */
final class MetricsReader {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private MetricsReader() {}

    /** As {@link RunReport#read}. */
    static RunReport read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BadFile(file, "no such file; give the folder of a finished run");
        }
        try {
            JsonNode root = MAPPER.readTree(file.toFile());
            int version = root.path("schemaVersion").asInt();
            if (version != MetricsJson.SCHEMA_VERSION) {
                throw new IllegalArgumentException("schemaVersion is " + root.path("schemaVersion")
                        + "; this program reads " + MetricsJson.SCHEMA_VERSION);
            }
            return report(root);
        } catch (JsonProcessingException e) {
            throw new BadFile(
                    file, "not the metrics of a run: " + e.getOriginalMessage() + "; write it anew or take another", e);
        } catch (IllegalArgumentException
                | DateTimeException e) { // the report's types throw these for invalid values in the file
            throw new BadFile(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static RunReport report(JsonNode root) {
        ProbeTable probes = root.has("general") ? probes(root.get("general")) : ProbeTable.empty();
        RankTable ranks = ranks(field(root, "ranks"));
        RunTables tables = new RunTables(accuracy(root), probes, ranks, spectra(root, ranks));
        return new RunReport(
                field(root, "title").asText(),
                tables,
                course(root),
                published(root.path("published")),
                new RunFacts(
                        field(root, "seed").asLong(),
                        MAPPER.convertValue(field(root, "versions"), new TypeReference<>() {}),
                        MAPPER.convertValue(field(root, "config"), new TypeReference<>() {}),
                        tests(root.path("tests"))));
    }

    private static List<Published> published(JsonNode entries) {
        List<Published> published = new ArrayList<>();
        for (JsonNode entry : entries) {
            require(entry.isObject(), entry, "the figures of a method");
            published.add(MAPPER.convertValue(entry, Published.class));
        }
        return published;
    }

    private static Map<String, TestSet> tests(JsonNode tests) {
        Map<String, TestSet> sets = new LinkedHashMap<>();
        tests.properties()
                .forEach(set -> sets.put(
                        set.getKey(),
                        new TestSet(
                                field(set.getValue(), "images").asInt(),
                                field(set.getValue(), "classes").asInt())));
        return sets;
    }

    private static AccuracyTable accuracy(JsonNode root) {
        AccuracyTable table = new AccuracyTable(texts(field(root, "tasks")));
        JsonNode accuracy = field(root, "accuracy");
        if (!accuracy.path("zeroShot").isNull()) {
            table.setZeroShot(numbers(field(accuracy, "zeroShot")));
        }
        field(accuracy, "rows").forEach(row -> table.addRow(after(row), numbers(field(row, "percent"))));
        ContinualMetrics.of(table); // throws when rows are missing
        return table;
    }

    private static ProbeTable probes(JsonNode general) {
        ProbeTable table = new ProbeTable(texts(field(general, "probes")));
        field(general, "rows").forEach(row -> table.addRow(after(row), numbers(field(row, "percent"))));
        return table;
    }

    private static RankTable ranks(JsonNode ranks) {
        RankTable table = new RankTable(wholeNumbers(field(ranks, "widths")));
        field(ranks, "rows").forEach(row -> table.addRow(after(row), wholeNumbers(field(row, "ranks"))));
        return table;
    }

    private static SpectrumTable spectra(JsonNode root, RankTable ranks) {
        if (!root.has("spectra")) {
            return SpectrumTable.empty();
        }
        SpectrumTable table = new SpectrumTable(ranks.widths().keySet());
        for (JsonNode row : root.get("spectra")) {
            Map<String, SpectrumTable.Spectrum> kinds = new LinkedHashMap<>();
            field(row, "kinds").properties().forEach(kind -> kinds.put(kind.getKey(), spectrum(kind.getValue())));
            table.addRow(field(row, "of").asText(), kinds);
        }
        return table;
    }

    private static SpectrumTable.Spectrum spectrum(JsonNode kind) {
        return new SpectrumTable.Spectrum(
                field(kind, "before").asDouble(Double.NaN),
                field(kind, "after").asDouble(Double.NaN),
                Arrays.stream(numbers(field(kind, "shares"))).boxed().toList());
    }

    private static RunHistory course(JsonNode root) {
        List<StageTimes.StageTime> stages = new ArrayList<>();
        field(root, "stages")
                .forEach(stage -> stages.add(new StageTimes.StageTime(
                        field(stage, "name").asText(),
                        field(stage, "seconds").asDouble(),
                        field(stage, "runs").asInt(),
                        new Sums(
                                stage.path("sums").asLong(),
                                stage.path("sumBytes").asLong()))));
        List<LossCurve> losses = new ArrayList<>();
        root.path("losses").forEach(curve -> losses.add(losses(curve)));
        JsonNode memory = root.get("memory");
        return new RunHistory(
                root.has("finished") ? Instant.parse(root.get("finished").asText()) : null,
                stages,
                losses,
                memory == null ? null : new MemoryUse(bytes(memory, "resident"), bytes(memory, "heap")));
    }

    private static Long bytes(JsonNode memory, String name) {
        return memory.path(name).isNumber() ? memory.get(name).asLong() : null;
    }

    private static LossCurve losses(JsonNode curve) {
        double[] steps = numbers(field(curve, "step"));
        double[] mean = numbers(field(curve, "mean"));
        double[] least = numbers(field(curve, "least"));
        double[] most = numbers(field(curve, "most"));
        if (mean.length != steps.length || least.length != steps.length || most.length != steps.length) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "losses: step, mean, least and most of %s have %d, %d, %d and %d values",
                    curve.path("task"),
                    steps.length,
                    mean.length,
                    least.length,
                    most.length));
        }
        List<LossCurve.Point> points = new ArrayList<>();
        for (int i = 0; i < steps.length; i++) {
            points.add(new LossCurve.Point((int) steps[i], mean[i], least[i], most[i]));
        }
        return new LossCurve(field(curve, "task").asText(), points);
    }

    private static JsonNode field(JsonNode node, String name) {
        JsonNode value = node.get(name);
        if (value == null || value.isNull()) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "field \"%s\" is missing", name));
        }
        return value;
    }

    private static String after(JsonNode row) {
        return field(row, "after").asText();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static Map<String, Integer> wholeNumbers(JsonNode object) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        object.properties().forEach(field -> {
            require(field.getValue().isInt(), field.getValue(), "a whole number");
            numbers.put(field.getKey(), field.getValue().asInt());
        });
        return numbers;
    }

    /** The numbers, with NaN for null. */
    private static double[] numbers(JsonNode array) {
        require(array.isArray(), array, "a list of numbers");
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            JsonNode number = array.get(i);
            require(number.isNumber() || number.isNull(), number, "a number");
            numbers[i] = number.isNull() ? Double.NaN : number.asDouble();
        }
        return numbers;
    }

    private static void require(boolean holds, JsonNode found, String wanted) {
        if (!holds) {
            throw new IllegalArgumentException(found + " stands where " + wanted + " must be");
        }
    }
}
