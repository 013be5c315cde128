package org.keeplora.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.keeplora.clip.Activation;
import org.keeplora.engine.BackendChoice;
import org.keeplora.method.Preset;
import org.keeplora.method.Switches.FeatureStatistic;
import org.keeplora.method.Switches.LayerScale;
import org.keeplora.method.Switches.RankRule;
import org.keeplora.method.Switches.StartB;
import org.keeplora.method.Switches.TextFeatures;
import org.keeplora.method.Switches.WeightBasis;
import org.keeplora.store.JsonFile;
import org.keeplora.store.WholeFile;
import org.keeplora.torch.Precision;
import org.keeplora.torch.TorchDevice;
import org.keeplora.train.LearningMethod;
import org.keeplora.train.MethodSettings.Head;

/**
 * Reads a run configuration: a YAML file, ours or of the authors' program, or one that comes with the program; on top of its {@code
 * base}, if it names one; with overrides from the command line.
 */
final class RunConfigFile {
    /** Of a file; what the YAML library takes too. */
    private static final int MOST_BYTES = 3 << 20;

    private static final int MOST_LEVELS = 50;
    private static final YAMLMapper YAML = mapper();
    /** Keys for which a plain text stands for the one thing that must be given. */
    private static final Map<String, String> SHORT = Map.of("model", "checkpoint", "data", "root");

    private static final String BASE = "base";

    private RunConfigFile() {}

    private static YAMLMapper mapper() {
        SimpleModule names = new SimpleModule();
        NamedEnum.register(names, Activation.class);
        NamedEnum.register(names, LearningMethod.class);
        NamedEnum.register(names, Preset.class);
        NamedEnum.register(names, WeightBasis.class);
        NamedEnum.register(names, RankRule.class);
        NamedEnum.register(names, FeatureStatistic.class);
        NamedEnum.register(names, TextFeatures.class);
        NamedEnum.register(names, StartB.class);
        NamedEnum.register(names, LayerScale.class);
        NamedEnum.register(names, Head.class);
        NamedEnum.register(names, Precision.class);
        NamedEnum.register(names, TorchDevice.class);
        NamedEnum.register(names, BackendChoice.class);
        YAMLFactory shallow = YAMLFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MOST_LEVELS)
                        .build())
                .build();
        return YAMLMapper.builder(shallow)
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .addModule(names)
                .build();
    }

    /**
     * @param source a file, or a name of {@link ShippedConfigs}
     * @param pairs key, value, key, value, of the keys that the file itself uses; for the authors' files these are the authors'
     * @param overrides lines "key.path=value" of our keys, the value in YAML; later ones win
     * @throws ConfigProblem in one line, naming the source and the key
     */
    static RunConfig read(String source, List<String> pairs, List<String> overrides) {
        try {
            return overridden(source, tree(source, pairs, new HashSet<>()), overrides);
        } catch (JsonProcessingException e) {
            String line =
                    e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
            throw new ConfigProblem(source + line + ": not YAML: " + reason(e));
        } catch (IOException e) {
            throw new ConfigProblem(source + " cannot be read: " + e.getMessage());
        }
    }

    private static RunConfig overridden(String source, ObjectNode tree, List<String> overrides) throws IOException {
        try {
            return config(tree, overrides);
        } catch (ConfigProblem e) {
            String culprit = source;
            for (int i = overrides.size() - 1; i >= 0 && culprit.equals(source); i--) {
                List<String> others = new ArrayList<>(overrides);
                others.remove(i);
                if (!problem(tree, others).equals(e.getMessage())) {
                    culprit = "--set " + overrides.get(i);
                }
            }
            throw new ConfigProblem(culprit + ": " + e.getMessage());
        }
    }

    /** What is wrong with {@code tree} when {@code overrides} are laid over it; empty when nothing is. */
    private static String problem(ObjectNode tree, List<String> overrides) throws IOException {
        try {
            config(tree, overrides);
            return "";
        } catch (ConfigProblem e) {
            return e.getMessage();
        }
    }

    private static RunConfig config(ObjectNode tree, List<String> overrides) throws IOException {
        ObjectNode whole = tree.deepCopy();
        for (String override : overrides) {
            int equals = override.indexOf('=');
            ConfigProblem.unless(equals > 0, "write it as key.path=value");
            set(whole, override.substring(0, equals), override.substring(equals + 1));
        }
        return new ConfigTree(YAML, whole).config();
    }

    /**
     * The keys of {@code source} and, below them, of its bases.
     *
     * @param above what rests on {@code source}
     */
    private static ObjectNode tree(String source, List<String> pairs, Set<String> above) throws IOException {
        ConfigProblem.unless(above.add(source), "%s: its base leads back to it; take one base away", source);
        ConfigProblem.unless(
                pairs.size() % 2 == 0, "%s: overrides come as KEY VALUE, but %s has no value", source, pairs);
        if (!(parsed(source, text(source)) instanceof ObjectNode tree)) {
            throw new ConfigProblem(source + ": no keys; see 'keeplora configs example'");
        }
        for (int i = 0; i < pairs.size(); i += 2) {
            set(tree, pairs.get(i), pairs.get(i + 1));
        }
        ObjectNode ours = AuthorsConfig.recognises(tree) ? AuthorsConfig.translated(source, tree) : tree;
        SHORT.forEach((key, inner) -> {
            if (ours.get(key) != null && ours.get(key).isTextual()) {
                JsonNode value = ours.get(key);
                ours.putObject(key).set(inner, value);
            }
        });
        JsonNode base = ours.remove(BASE);
        ConfigProblem.unless(base == null || base.isTextual(), "%s: base is %s; a text is expected", source, base);
        return base == null ? ours : merged(tree(base.asText(), List.of(), above), ours);
    }

    private static String text(String source) throws IOException {
        Optional<Path> file = path(source);
        if (file.isPresent() && Files.isRegularFile(file.get())) {
            WholeFile.requireAtMost(file.get(), MOST_BYTES);
            return Files.readString(file.get());
        }
        ConfigProblem.unless(
                source.indexOf('.') < 0 && source.indexOf('/') < 0,
                "%s: no such configuration file; 'keeplora configs' lists those that come with the program",
                source);
        return ShippedConfigs.text(source);
    }

    private static Optional<Path> path(String source) {
        try {
            return Optional.of(Path.of(source));
        } catch (InvalidPathException e) { // no such file, then
            return Optional.empty();
        }
    }

    /**
     * One document. An alias would be read as a text, a second document not at all: a file with one says something else than it
     * seems to.
     */
    private static JsonNode parsed(String source, String yaml) throws IOException {
        try (YAMLParser parser = YAML.getFactory().createParser(yaml)) {
            int level = 0;
            boolean ended = false;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                int line = parser.currentTokenLocation().getLineNr();
                ConfigProblem.unless(
                        !parser.isCurrentAlias(),
                        "%s, line %d: *%s is an alias, which is not supported; write out what it stands for",
                        source,
                        line,
                        parser.getText());
                ConfigProblem.unless(!ended, "%s, line %d: a second document begins; give one", source, line);
                level += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                ended = level == 0;
            }
        }
        return YAML.readTree(yaml);
    }

    /** {@code upper} laid over {@code lower}: sections are merged, everything else is replaced. */
    private static ObjectNode merged(ObjectNode lower, ObjectNode upper) {
        upper.properties().forEach(entry -> {
            boolean sections =
                    lower.get(entry.getKey()) instanceof ObjectNode && entry.getValue() instanceof ObjectNode;
            lower.set(
                    entry.getKey(),
                    sections
                            ? merged((ObjectNode) lower.get(entry.getKey()), (ObjectNode) entry.getValue())
                            : entry.getValue());
        });
        return lower;
    }

    private static void set(ObjectNode root, String path, String yaml) throws IOException {
        String[] keys = path.split("\\.");
        ConfigProblem.unless(keys.length > 0, "'%s' is no key; write it as key.path", path);
        JsonNode value = value(path, yaml);
        if (keys.length == 1 && SHORT.containsKey(path) && value.isTextual()) {
            keys = new String[] {path, SHORT.get(path)};
        }
        ObjectNode node = root;
        for (int i = 0; i < keys.length - 1; i++) {
            JsonNode next = node.get(keys[i]);
            node = next instanceof ObjectNode object ? object : node.putObject(keys[i]);
        }
        node.set(keys[keys.length - 1], value.isMissingNode() ? null : value);
    }

    /**
     * A value given on the command line. Lists, sections and quoted texts are YAML; anything else that YAML does not take for a number, a
     * boolean or nothing is a text as it stands, as in {@code output=runs/a #2}.
     */
    private static JsonNode value(String path, String yaml) throws IOException {
        String text = yaml.strip();
        if (!text.isEmpty() && "[{'\"!".indexOf(text.charAt(0)) >= 0) {
            try {
                return parsed(path, text);
            } catch (JsonProcessingException e) {
                throw new ConfigProblem("not YAML: " + reason(e));
            }
        }
        try {
            JsonNode value = YAML.readTree(text);
            boolean plain = value.isMissingNode() || value.isNull() || value.isNumber() || value.isBoolean();
            return plain && text.indexOf('#') < 0 ? value : TextNode.valueOf(text);
        } catch (JsonProcessingException e) { // means something in YAML that a text on the command line does not
            return TextNode.valueOf(text);
        }
    }

    /** The configuration with which a finished run was made, from its {@code metrics.json}; relative paths are taken as they were. */
    static RunConfig ofRun(Path metrics, List<String> overrides) {
        ConfigProblem.unless(
                Files.isRegularFile(metrics), "%s: no such file; give the folder of a finished run", metrics);
        try {
            if (!(YAML.readTree(metrics.toFile()).get("config") instanceof ObjectNode tree)) {
                throw new ConfigProblem(metrics + ": holds no config; give the folder of a finished run");
            }
            return overridden(metrics.toString(), tree, overrides);
        } catch (IOException e) {
            throw new ConfigProblem(metrics + " cannot be read: " + e.getMessage());
        }
    }

    /** What {@link #ofText} reads. */
    static String text(RunConfig config) {
        try {
            return YAML.writeValueAsString(config);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("configuration cannot be written: " + e.getOriginalMessage(), e);
        }
    }

    /** The configuration in {@code text}, complete; {@code source} is where it is from, for messages. */
    static RunConfig ofText(String source, String text) {
        try {
            if (!(YAML.readTree(text) instanceof ObjectNode tree)) {
                throw new ConfigProblem(source + ": holds no configuration");
            }
            return overridden(source, tree, List.of());
        } catch (IOException e) {
            throw new ConfigProblem(source + ": not YAML: " + e.getMessage());
        }
    }

    /** The configuration as plain values, for the report. */
    static Map<String, Object> values(RunConfig config) {
        return YAML.convertValue(config, new TypeReference<>() {});
    }

    /** What the libraries say, without the places and pieces of the file, which are indented. */
    private static String reason(JsonProcessingException e) {
        return e.getOriginalMessage()
                .lines()
                .filter(line -> !line.isBlank() && !Character.isWhitespace(line.charAt(0)))
                .limit(2)
                .map(JsonFile::cleaned)
                .collect(Collectors.joining(", "));
    }
}
