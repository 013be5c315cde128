package org.keeplora.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import org.keeplora.store.WholeFile;

/**
 * Reads a run configuration from a YAML file, ours or of the authors' program, or from one that is part of the program.
 * The file may name a {@code base}; overrides come from the command line.
 */
final class RunConfigFile {
    /** Largest file; also the limit of the YAML library. */
    private static final int MOST_BYTES = 3 << 20;

    private static final String BASE = "base";

    private RunConfigFile() {}

    /**
     * @param source a file, or a name of {@link ShippedConfigs}
     * @param pairs key, value, key, value, of the keys that the file itself uses; for the authors' files these are the
     *     authors'
     * @param overrides lines "key.path=value" of our keys, the value in YAML; later ones win
     * @throws ConfigProblem in one line, naming the source and the key
     */
    static RunConfig read(String source, List<String> pairs, List<String> overrides) {
        try {
            return overridden(source, tree(source, pairs, new HashSet<>()), overrides);
        } catch (JsonProcessingException e) {
            String line =
                    e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
            throw new ConfigProblem(source + line + ": not YAML: " + ConfigYaml.reason(e));
        } catch (IOException e) {
            throw new ConfigProblem(source + " cannot be read: " + e.getMessage());
        }
    }

    private static RunConfig overridden(String source, ConfigTree tree, List<String> overrides) throws IOException {
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

    /** The problem of {@code tree} with {@code overrides} laid over it; empty if there is none. */
    private static String problem(ConfigTree tree, List<String> overrides) throws IOException {
        try {
            config(tree, overrides);
            return "";
        } catch (ConfigProblem e) {
            return e.getMessage();
        }
    }

    private static RunConfig config(ConfigTree tree, List<String> overrides) throws IOException {
        ConfigTree whole = tree.copy();
        for (String override : overrides) {
            int equals = override.indexOf('=');
            ConfigProblem.unless(equals > 0, "write it as key.path=value");
            whole.set(override.substring(0, equals), override.substring(equals + 1));
        }
        return whole.config();
    }

    /**
     * The keys of {@code source} laid over those of its bases.
     *
     * @param above the sources that have {@code source} as a base
     */
    private static ConfigTree tree(String source, List<String> pairs, Set<String> above) throws IOException {
        ConfigProblem.unless(above.add(source), "%s: its base leads back to it; remove one base", source);
        ConfigProblem.unless(
                pairs.size() % 2 == 0, "%s: overrides come as KEY VALUE, but %s has no value", source, pairs);
        if (!(ConfigYaml.document(source, text(source)) instanceof ObjectNode keys)) {
            throw new ConfigProblem(source + ": no keys; see 'keeplora configs example'");
        }
        ConfigTree theirs = new ConfigTree(keys);
        for (int i = 0; i < pairs.size(); i += 2) {
            theirs.set(pairs.get(i), pairs.get(i + 1));
        }
        ConfigTree ours =
                AuthorsConfig.recognises(keys) ? new ConfigTree(AuthorsConfig.translated(source, keys)) : theirs;
        ours.expandShort();
        JsonNode base = ours.root().remove(BASE);
        ConfigProblem.unless(base == null || base.isTextual(), "%s: base is %s; a text is expected", source, base);
        return base == null ? ours : ours.over(tree(base.asText(), List.of(), above));
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
        } catch (InvalidPathException e) { // so it is not a file
            return Optional.empty();
        }
    }

    /** The configuration of a finished run, from its {@code metrics.json}. Relative paths stay as they were. */
    static RunConfig ofRun(Path metrics, List<String> overrides) {
        ConfigProblem.unless(
                Files.isRegularFile(metrics), "%s: no such file; give the folder of a finished run", metrics);
        try {
            if (!(ConfigYaml.MAPPER.readTree(metrics.toFile()).get("config") instanceof ObjectNode tree)) {
                throw new ConfigProblem(metrics + ": holds no config; give the folder of a finished run");
            }
            return overridden(metrics.toString(), new ConfigTree(tree), overrides);
        } catch (IOException e) {
            throw new ConfigProblem(metrics + " cannot be read: " + e.getMessage());
        }
    }

    /** YAML text that {@link #ofText} reads. */
    static String text(RunConfig config) {
        try {
            return ConfigYaml.MAPPER.writeValueAsString(config);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("configuration cannot be written: " + e.getOriginalMessage(), e);
        }
    }

    /** The complete configuration in {@code text}; {@code source} names its origin in messages. */
    static RunConfig ofText(String source, String text) {
        try {
            if (!(ConfigYaml.MAPPER.readTree(text) instanceof ObjectNode tree)) {
                throw new ConfigProblem(source + ": holds no configuration");
            }
            return overridden(source, new ConfigTree(tree), List.of());
        } catch (IOException e) {
            throw new ConfigProblem(source + ": not YAML: " + e.getMessage());
        }
    }

    /** The configuration as plain values, for the report. */
    static Map<String, Object> values(RunConfig config) {
        return ConfigYaml.MAPPER.convertValue(config, new TypeReference<>() {});
    }
}
