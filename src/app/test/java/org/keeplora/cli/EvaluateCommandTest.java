package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.testing.MiniMtil;
import org.keeplora.testing.Shared;

/**
 * From the user's own pictures and OpenAI's archive to a run folder, and from that folder to the accuracies of its last
 * row.
 */
@Tag("slow")
@Tag("shared")
final class EvaluateCommandTest {
    private static final int TRAIN = 6;
    private static final int TEST = 10;

    @TempDir
    Path folder;

    /** A folder {train,test}/class/image with EuroSAT's pictures. */
    private Path pictures(String name, String... classes) throws IOException {
        for (String className : classes) {
            List<Path> files;
            try (Stream<Path> all =
                    Files.list(MiniMtil.root().resolve("eurosat/2750").resolve(className))) {
                files = all.sorted().limit(TRAIN + TEST).toList();
            }
            for (int i = 0; i < files.size(); i++) {
                Path half = folder.resolve(name)
                        .resolve(i < TRAIN ? "train" : "test")
                        .resolve(className);
                Files.copy(files.get(i), Files.createDirectories(half).resolve(i + ".jpg"));
            }
        }
        return folder.resolve(name);
    }

    private static Map<String, Double> evaluate(Path run) {
        Printed printed = Printed.by("evaluate", run.toString());
        assertEquals(0, printed.exit(), printed.err());
        Map<String, Double> percent = new LinkedHashMap<>();
        printed.out().lines().forEach(line -> {
            String[] words = line.split("\\s+");
            percent.put(words[0], Double.valueOf(words[1]));
        });
        return percent;
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Removes results from the list of checksums, as if they had never been there. */
    private static void unlist(Path run, String begin) throws IOException {
        Path list = run.resolve("SHA256SUMS");
        List<String> left = Files.readAllLines(list).stream()
                .filter(line -> !line.contains("  " + begin))
                .toList();
        Files.write(list, left);
    }

    @Test
    void aFinishedRunIsPutTogetherAgain() throws Exception {
        Path run = folder.resolve("run");
        Path config = Files.writeString(
                folder.resolve("run.yaml"),
                String.format(
                        Locale.ROOT,
                        """
                model: {checkpoint: '%s', tokenizer: '%s'}
                data:
                  root: '%s'
                  tasks: [{name: Water, folder: '%s'}, {name: Land, folder: '%s'}]
                  probes: [EuroSAT]
                  cache: '%s'
                method: {rank: 2, alpha: 8, head: cosine, weight_energy: {vision: 0.4}, feature_energy: 0.6}
                train: {epochs: 3, batch_size: 4, learning_rate: 0.01}
                save: {model: true, tensorboard: true}
                output: '%s'
                """,
                        Shared.file("golden/clip-tiny-openai.pt"),
                        Shared.file("clip/small/tokenizer.json"),
                        MiniMtil.root(),
                        pictures("water", "River", "SeaLake"),
                        pictures("land", "Forest", "Industrial", "Pasture"),
                        folder.resolve("cache"),
                        run));
        assertEquals(0, Printed.by("run", "--config", config.toString()).exit());
        JsonNode metrics =
                new ObjectMapper().readTree(run.resolve("metrics.json").toFile());
        assertEquals(2, metrics.get("losses").size(), "a curve a task");
        assertEquals(9, metrics.at("/losses/0/step").size(), "three epochs of twelve images, four a step");
        assertTrue(metrics.at("/memory/heap").asLong() > 0, "peak of the heap");
        String page = Files.readString(run.resolve("report.html"));
        assertTrue(
                page.contains("<code>adapters/02-Land/adapter_model.safetensors</code>"), "the page lists the files");
        assertEquals(4, Files.readAllLines(run.resolve("accuracy.csv")).size(), "header, zero-shot, two tasks");
        assertEquals(
                1 + 3 * 8, Files.readAllLines(run.resolve("spectra.csv")).size(), "header; pre-training, two tasks");
        try (Stream<Path> events = Files.list(run.resolve("tensorboard"))) {
            assertEquals(1, events.count());
        }
        JsonNode last = metrics.at("/accuracy/rows/1/percent");
        Map<String, Double> saved = evaluate(run);
        assertEquals(List.of("Water", "Land", "EuroSAT"), List.copyOf(saved.keySet()));
        assertEquals(last.get(0).asDouble(), saved.get("Water"), 0.05, "printed with one decimal");
        assertEquals(last.get(1).asDouble(), saved.get("Land"), 0.05);
        assertEquals(metrics.at("/general/rows/2/percent/0").asDouble(), saved.get("EuroSAT"), 0.05);
        assertTrue(saved.get("Land") > 40, "heads of class means tell three classes better than chance: " + saved);

        delete(run.resolve("model"));
        unlist(run, "model/");
        double oneImage = 100.0 / (2 * TEST); // rounding of base + adapters may decide a tie differently
        Map<String, Double> adapters = evaluate(run);
        saved.forEach((name, percent) -> assertEquals(percent, adapters.get(name), oneImage + 0.05, name));
        assertTrue(Files.isRegularFile(run.resolve("adapters/02-Land/adapter_model.safetensors")));

        Files.delete(run.resolve("heads.safetensors"));
        unlist(run, "heads.safetensors");
        assertTrue(!evaluate(run).equals(adapters), "the heads count");
    }
}
