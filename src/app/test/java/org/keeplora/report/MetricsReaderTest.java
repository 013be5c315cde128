package org.keeplora.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keeplora.store.BadFile;
import org.keeplora.testing.Fuzzed;

/** Files of this version and of earlier ones are read back; a fault in a file is named. */
class MetricsReaderTest {
    /**
     * Rounding in files of runs, which computed their metrics from accuracies with more decimals than the file keeps.
     */
    private static final double LAST_DECIMALS = 2.5e-6;

    private static final Path RUNS = Path.of("test", "resources", "org", "keeplora", "runs");

    /** Dates from which files had more fields, each with a field that was new then. */
    private static final Map<String, String> FORMATS = Map.of(
            "2026-11-24", "stages", "2026-11-25", "general", "2026-11-26", "memory", "2026-11-29", "uncertainty");

    @TempDir
    Path folder;

    private RunReport read(String json) throws IOException {
        return RunReport.read(Files.writeString(folder.resolve("metrics.json"), json));
    }

    @Test
    void aFileIsReadAndWrittenLetterForLetter() throws IOException {
        for (RunReport run : List.of(RunReportTest.sample(), SampleRuns.elevenTasks("lora", 7, 1.5))) {
            assertEquals(run.json(), read(run.json()).json());
        }
    }

    @Test
    void everyFormatIsRead() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(RUNS)) {
            files = all.filter(file -> file.endsWith("metrics.json")).toList();
        }
        Set<String> formats = new HashSet<>();
        ObjectMapper mapper = new ObjectMapper();
        for (Path file : files) {
            String format = RUNS.relativize(file).getName(0).toString();
            formats.add(format);
            JsonNode written = mapper.readTree(RunReport.read(file).json());
            JsonNode original = mapper.readTree(file.toFile());
            FORMATS.forEach((since, field) ->
                    assertEquals(since.compareTo(format) <= 0, original.has(field), file + ": " + field));
            original.fieldNames().forEachRemaining(name -> {
                if (!name.equals("metrics")) {
                    assertEquals(original.get(name), written.get(name), file + ": " + name);
                }
            });
            for (String measure : List.of("transfer", "average", "last", "forgetting", "backwardTransfer")) {
                assertEquals(
                        original.at("/metrics/" + measure + "/mean").asDouble(),
                        written.at("/metrics/" + measure + "/mean").asDouble(),
                        LAST_DECIMALS,
                        file + ": " + measure);
            }
        }
        assertEquals(FORMATS.keySet(), formats);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"schemaVersion\" : 1 | \"schemaVersion\" : 2 | schemaVersion is 2; this program reads 1",
                "\"title\" | \"titel\" | field \"title\" is missing",
                "[ 26.666667, 72.5 ] | [ 26.666667 ] | row \"MNIST\" has 1 values but 2 columns",
                "[ 26.666667, 72.5 ] | [ 26.666667, \"x\" ] | \"x\" stands where a number must be",
                "[ 26.666667, 72.5 ] | [ 26.666667, 172.5 ] | MNIST is 172.5; must be a percentage, 0..100",
                "\"step\" : [ 1, 2, 3 ] | \"step\" : [ 1, 2 ] | step, mean, least and most of \"EuroSAT\" have 2, 3, 3 and 3 values",
                "\"before\" : 0.7, | \"before\" : 1.7, | before 1.7, after 0.99, shares [0.7, 0.7, 0.999, 1.0]; must be",
                "\"before\" : 0.7, | \"before\" : \"x\", | before NaN, after 0.99",
                "[ 0.7, 0.7, 0.999, 1.0 ] | [ 0.7, 0.6, 0.999, 1.0 ] | must be two and more shares in 0..1 that do not fall",
                "[ 0.7, 0.7, 0.999, 1.0 ] | [ 0.7, 0.7, 1.0 ] | row \"EuroSAT\" makes spectra of [4, 3] shares",
                "\"of\" : \"EuroSAT\" | \"of\" : \"DTD\" | at [pre-training, DTD, MNIST], but ranks of",
                "\"published\" : [ | \"published\" : [[ | not the metrics of a run",
            })
    void faultsAreNamed(String right, String wrong, String message) {
        String json = RunReportTest.sample().json();
        assertTrue(json.contains(right), right);
        Exception error = assertThrows(BadFile.class, () -> read(json.replace(right, wrong)));
        assertTrue(error.getMessage().startsWith(folder.resolve("metrics.json") + ": "), error.getMessage());
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }

    @Test
    void runsFromBeforeSpectraAreShownWithoutThem() throws IOException {
        ObjectNode old =
                (ObjectNode) new ObjectMapper().readTree(RunReportTest.sample().json());
        old.remove("spectra");
        RunReport run = read(old.toString());
        assertEquals(List.of(), run.tables().spectra().rows());
        assertEquals(3, run.tables().ranks().rows().size());
        assertFalse(run.html(List.of()).contains("<section id=\"spectra\""));
        RunReport now = RunReportTest.sample();
        String both = new RunComparison(Map.of("old", run, "new", now)).html();
        assertTrue(both.contains("<section id=\"spectra\""), "beside one that has them");
    }

    @Test
    void aMissingFileSaysWhatToGive() {
        Exception error = assertThrows(BadFile.class, () -> RunReport.read(folder.resolve("nothing.json")));
        assertEquals(
                folder.resolve("nothing.json") + ": no such file; give the folder of a finished run",
                error.getMessage());
    }

    /**
     * Every value of a file, one at a time, is removed or gets another type: the file is read, or refused in one line.
     */
    @Test
    void anyChangedValueIsReadOrRefused() throws Throwable {
        JsonNode whole = new ObjectMapper().readTree(RunReportTest.sample().json());
        for (JsonPointer place : places(whole, JsonPointer.empty())) {
            for (String other : List.of("null", "7", "-1", "\"x\"", "[]", "[null]", "{}", "{\"a\": 1}")) {
                Path file = Fuzzed.file(
                        "metrics.json",
                        replaced(whole, place, new ObjectMapper().readTree(other))
                                .getBytes(StandardCharsets.UTF_8));
                try {
                    Fuzzed.readOrRefused(() -> RunReport.read(file), BadFile.class);
                } catch (RuntimeException e) {
                    throw new AssertionError(place + " is " + other, e);
                }
            }
        }
    }

    private static List<JsonPointer> places(JsonNode node, JsonPointer here) {
        List<JsonPointer> places = new ArrayList<>();
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> places.addAll(places(field.getValue(), here.appendProperty(field.getKey()))));
        }
        for (int i = 0; node.isArray() && i < Math.min(2, node.size()); i++) {
            places.addAll(places(node.get(i), here.appendIndex(i)));
        }
        if (!here.matches()) {
            places.add(here);
        }
        return places;
    }

    private static String replaced(JsonNode whole, JsonPointer place, JsonNode value) {
        JsonNode copy = whole.deepCopy();
        JsonNode holder = copy.at(place.head());
        if (holder instanceof ObjectNode object) {
            object.set(place.last().getMatchingProperty(), value);
        } else {
            ((ArrayNode) holder).set(place.last().getMatchingIndex(), value);
        }
        return copy.toString();
    }
}
