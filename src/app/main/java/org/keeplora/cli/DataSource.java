package org.keeplora.cli;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.keeplora.data.DataCheck;
import org.keeplora.data.Dataset;
import org.keeplora.data.DatasetCatalog;
import org.keeplora.data.OwnData;
import org.keeplora.drawn.DrawnBenchmark;
import org.keeplora.torch.TorchShuffle;

/**
 * A data set in a configuration. It is the name of a known data set, an own one as {@code {name: .., folder: ..,
 * template: ..}} or {@code {name: .., csv: .., template: ..}}, or a drawn one as {@code {drawn: .., train: .., test:
 * ..}}.
 */
sealed interface DataSource {
    /** Its name in reports. */
    String name();

    /** Its form in a configuration. */
    @JsonValue
    Object value();

    /** @param root folder of the known data sets */
    Dataset open(Path root);

    /** The result of {@code keeplora data verify}; empty for a data set that is not on disk. */
    Optional<DataCheck.Result> check(Path root, DataCheck.Depth depth);

    /** The same data set for any working directory. */
    default DataSource withAbsolutePath() {
        return this;
    }

    /** Whether {@link #open} reads from the root folder. */
    default boolean needsRoot() {
        return false;
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static DataSource of(JsonNode node) {
        if (node.isTextual()) {
            return new Catalogued(node.asText());
        }
        ConfigProblem.unless(
                node.isObject(), "'%s' is no data set; give a name, or a section with name, and folder or csv", node);
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

    /** A text value. Problems begin with the key below the data set; {@link ConfigTree} adds the rest of the path. */
    private static String text(JsonNode node, String key) {
        JsonNode value = node.path(key);
        ConfigProblem.unless(
                value.isTextual() && !value.asText().isBlank(), ".%s is %s; a text is expected", key, value);
        return value.asText();
    }

    private static long number(JsonNode node, String key, long otherwise, long most) {
        if (!node.hasNonNull(key)) {
            return otherwise;
        }
        JsonNode value = node.get(key);
        ConfigProblem.unless(value.isIntegralNumber(), ".%s is %s; a whole number is expected", key, value);
        ConfigProblem.unless(
                value.canConvertToLong() && value.asLong() <= most,
                ".%s is %s; a smaller whole number is expected",
                key,
                value);
        return value.asLong();
    }

    /** A known data set. */
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
        public Optional<DataCheck.Result> check(Path root, DataCheck.Depth depth) {
            return Optional.of(DataCheck.of(name, root, TorchShuffle::permutation, depth));
        }

        @Override
        public boolean needsRoot() {
            return true;
        }
    }

    /**
     * A data set of the user.
     *
     * @param path of its folder or CSV file
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
            String name = text(node, "name");
            ConfigProblem.unlessFolderName("data set", name);
            boolean folder = node.has("folder");
            return new Own(
                    name,
                    folder ? OwnData.Format.FOLDER : OwnData.Format.CSV,
                    text(node, folder ? "folder" : "csv"),
                    node.hasNonNull("template") ? text(node, "template") : TEMPLATE);
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
            return DataCheck.requireImages(DatasetCatalog.open(data()));
        }

        @Override
        public Optional<DataCheck.Result> check(Path root, DataCheck.Depth depth) {
            return Optional.of(DataCheck.of(data(), depth));
        }

        @Override
        public DataSource withAbsolutePath() {
            return new Own(name, format, Path.of(path).toAbsolutePath().toString(), template);
        }

        private OwnData data() {
            return new OwnData(name, format, Path.of(path), template);
        }
    }

    /**
     * A domain of {@link DrawnBenchmark}, or its general probe.
     *
     * @param train number of images per class
     * @param test number of images per class
     */
    record Drawn(String name, int train, int test, long seed) implements DataSource {
        static final String KEY = "drawn";
        private static final Set<String> KEYS = new TreeSet<>(Set.of(KEY, "train", "test", "seed"));
        private static final String PROBE = "general";

        private static Drawn of(JsonNode node) {
            requireKeys(node, KEYS);
            String name = text(node, KEY);
            List<String> known = new ArrayList<>(new DrawnBenchmark(0).domains());
            known.add(PROBE);
            ConfigProblem.unless(
                    known.contains(name),
                    "data set %s: no drawn data set is called '%s'; did you mean '%s'?",
                    node,
                    name,
                    Nearest.of(name, known));
            int train = (int) number(node, "train", 50, Integer.MAX_VALUE);
            int test = (int) number(node, "test", 20, Integer.MAX_VALUE);
            ConfigProblem.unless(
                    train >= 0 && test >= 1, "data set %s: test must be at least 1, train at least 0", node);
            return new Drawn(name, train, test, number(node, "seed", 1, Long.MAX_VALUE));
        }

        @Override
        public Object value() {
            Map<String, Object> drawn =
                    new LinkedHashMap<>(); // the same order in every process, because processes compare the text
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

        @Override
        public Optional<DataCheck.Result> check(Path root, DataCheck.Depth depth) {
            return Optional.empty();
        }
    }
}
