package org.keeplora.cli;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.keeplora.clip.TorchShuffle;
import org.keeplora.data.Dataset;
import org.keeplora.data.DatasetCatalog;
import org.keeplora.data.OwnData;
import org.keeplora.drawn.DrawnBenchmark;

/**
 * A data set in a configuration: the name of one of the catalogue, one's own as {@code {name: .., folder: .., template: ..}} or {@code
 * {name: .., csv: .., template: ..}}, or a drawn one as {@code {drawn: .., train: .., test: ..}}.
 */
sealed interface DataSource {
    /** What reports call it. */
    String name();

    /** As a configuration has it. */
    @JsonValue
    Object value();

    /** @param root folder of the catalogue's data sets */
    Dataset open(Path root);

    /** Whether {@link #open} looks below the root. */
    default boolean needsRoot() {
        return false;
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static DataSource of(JsonNode node) {
        if (!node.isObject()) {
            return new Catalogued(node.asText());
        }
        return node.has(Drawn.KEY) ? Drawn.of(node) : Own.of(node);
    }

    private static void requireKeys(JsonNode node, Set<String> known) {
        node.fieldNames()
                .forEachRemaining(key -> ConfigProblem.unless(
                        known.contains(key),
                        "data set %s: unknown key '%s'; did you mean '%s'?",
                        node,
                        key,
                        Nearest.of(key, known)));
    }

    /** One of the catalogue. */
    record Catalogued(String name) implements DataSource {
        @Override
        public Object value() {
            return name;
        }

        @Override
        public Dataset open(Path root) {
            return DatasetCatalog.open(name, root, TorchShuffle::permutation);
        }

        @Override
        public boolean needsRoot() {
            return true;
        }
    }

    /**
     * One's own.
     *
     * @param path where it lies
     */
    record Own(String name, OwnData.Format format, String path, String template) implements DataSource {
        private static final Set<String> KEYS = new TreeSet<>(Set.of("name", "folder", "csv", "template"));
        private static final String TEMPLATE = "a photo of a {}.";

        private static Own of(JsonNode node) {
            requireKeys(node, KEYS);
            ConfigProblem.unless(
                    node.has("name") && node.has("folder") != node.has("csv"),
                    "data set %s: give a name, and either a folder or a csv",
                    node);
            ConfigProblem.unlessFolderName("data set", node.get("name").asText());
            boolean folder = node.has("folder");
            return new Own(
                    node.get("name").asText(),
                    folder ? OwnData.Format.FOLDER : OwnData.Format.CSV,
                    node.get(folder ? "folder" : "csv").asText(),
                    node.path("template").asText(TEMPLATE));
        }

        @Override
        public Object value() {
            Map<String, String> own = new LinkedHashMap<>();
            own.put("name", name);
            own.put(format == OwnData.Format.FOLDER ? "folder" : "csv", path);
            own.put("template", template);
            return own;
        }

        @Override
        public Dataset open(Path root) {
            return DatasetCatalog.open(new OwnData(name, format, Path.of(path), template));
        }
    }

    /**
     * A domain of {@link DrawnBenchmark}, or its general probe.
     *
     * @param train images of each class
     * @param test images of each class
     */
    record Drawn(String name, int train, int test, long seed) implements DataSource {
        static final String KEY = "drawn";
        private static final Set<String> KEYS = new TreeSet<>(Set.of(KEY, "train", "test", "seed"));
        private static final String PROBE = "general";

        private static Drawn of(JsonNode node) {
            requireKeys(node, KEYS);
            String name = node.get(KEY).asText();
            List<String> known = new ArrayList<>(new DrawnBenchmark(0).domains());
            known.add(PROBE);
            ConfigProblem.unless(
                    known.contains(name),
                    "data set %s: nothing drawn is called '%s'; did you mean '%s'?",
                    node,
                    name,
                    Nearest.of(name, known));
            int train = node.path("train").asInt(50);
            int test = node.path("test").asInt(20);
            ConfigProblem.unless(
                    train >= 0 && test >= 1, "data set %s: test must be at least 1, train at least 0", node);
            return new Drawn(name, train, test, node.path("seed").asLong(1));
        }

        @Override
        public Object value() {
            Map<String, Object> drawn = new LinkedHashMap<>(); // in one order in every process: ranks compare the text
            drawn.put(KEY, name);
            drawn.put("train", train);
            drawn.put("test", test);
            drawn.put("seed", seed);
            return drawn;
        }

        @Override
        public Dataset open(Path root) {
            DrawnBenchmark drawings = new DrawnBenchmark(seed);
            return name.equals(PROBE) ? drawings.generalProbe(test) : drawings.domain(name, train, test);
        }
    }
}
