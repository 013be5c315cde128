package org.keeplora.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.keeplora.engine.BackendChoice;
import org.keeplora.method.FeatureStatistic;
import org.keeplora.method.LayerScale;
import org.keeplora.method.Preset;
import org.keeplora.method.RankRule;
import org.keeplora.method.StartB;
import org.keeplora.method.TextFeatures;
import org.keeplora.method.WeightBasisSide;
import org.keeplora.train.LearningMethod;

/** Reads a run configuration from YAML, with overrides from the command line. */
final class RunConfigFile {
    private static final YAMLMapper YAML = mapper();

    private RunConfigFile() {}

    private static YAMLMapper mapper() {
        SimpleModule names = new SimpleModule();
        NamedEnum.register(names, LearningMethod.class);
        NamedEnum.register(names, Preset.class);
        NamedEnum.register(names, WeightBasisSide.class);
        NamedEnum.register(names, RankRule.class);
        NamedEnum.register(names, FeatureStatistic.class);
        NamedEnum.register(names, TextFeatures.class);
        NamedEnum.register(names, StartB.class);
        NamedEnum.register(names, LayerScale.class);
        NamedEnum.register(names, BackendChoice.class);
        return YAMLMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .addModule(names)
                .build();
    }

    /**
     * @param overrides lines "key.path=value", the value in YAML; later ones win
     * @throws ConfigProblem in one line, naming the file and the key
     */
    static RunConfig read(Path file, List<String> overrides) {
        if (!Files.isRegularFile(file)) {
            throw new ConfigProblem(file + ": no such configuration file; see 'keeplora config' for an example");
        }
        try {
            JsonNode root = YAML.readTree(file.toFile());
            if (!(root instanceof ObjectNode tree)) {
                throw new ConfigProblem(file + ": no keys; see 'keeplora config' for an example");
            }
            for (String override : overrides) {
                set(tree, override);
            }
            return YAML.treeToValue(tree, RunConfig.class);
        } catch (UnrecognizedPropertyException e) {
            throw new ConfigProblem(file + ": unknown key '" + path(e) + "'; did you mean '" + nearest(e) + "'?");
        } catch (JsonMappingException e) {
            throw new ConfigProblem(file + ": " + problem(e));
        } catch (JsonProcessingException e) {
            throw new ConfigProblem(file + ", line " + e.getLocation().getLineNr() + ": not YAML: " + firstLine(e));
        } catch (IOException e) {
            throw new ConfigProblem(file + " cannot be read: " + e.getMessage());
        }
    }

    /** The configuration as plain values, for the report. */
    static Map<String, Object> values(RunConfig config) {
        return YAML.convertValue(config, new TypeReference<>() {});
    }

    private static void set(ObjectNode root, String override) throws IOException {
        int equals = override.indexOf('=');
        ConfigProblem.unless(equals > 0, "--set %s: write it as key.path=value", override);
        String[] keys = override.substring(0, equals).split("\\.");
        ObjectNode node = root;
        for (int i = 0; i < keys.length - 1; i++) {
            JsonNode next = node.get(keys[i]);
            node = next instanceof ObjectNode object ? object : node.putObject(keys[i]);
        }
        JsonNode value = YAML.readTree(override.substring(equals + 1));
        node.set(keys[keys.length - 1], value.isMissingNode() ? null : value);
    }

    private static String problem(JsonMappingException e) {
        if (e.getCause() instanceof ConfigProblem cause) {
            boolean namesKey = !cause.getMessage().startsWith("'");
            return namesKey ? cause.getMessage() : path(e) + ": " + cause.getMessage();
        }
        return path(e) + ": " + firstLine(e);
    }

    private static String firstLine(JsonProcessingException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("").trim();
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() != null ? step.getFieldName() : "[" + step.getIndex() + "]")
                .collect(Collectors.joining("."));
    }

    private static String nearest(UnrecognizedPropertyException e) {
        return e.getKnownPropertyIds().stream()
                .map(Object::toString)
                .min(Comparator.comparingInt(known -> editDistance(known, e.getPropertyName())))
                .orElse("");
    }

    /** Levenshtein's distance. */
    private static int editDistance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int substituted = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
