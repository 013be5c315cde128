package org.keeplora.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.keeplora.store.JsonFile;

/**
 * The start of a run: {@code start.json} in its folder. A resumed run must be the same run, so everything that decides
 * its results is compared with this. Other keys may change, and changes are recorded.
 *
 * @param config value of every key at the start, by its full name
 * @param inputs model and data at the start
 * @param changes of keys since, one text for each, oldest first
 */
record StartRecord(Map<String, Object> config, RunInputs inputs, List<String> changes) {
    /**
     * Keys that decide no result: locations (their contents are compared), devices and backends, and additional output.
     */
    private static final Set<String> CHANGEABLE = Set.of(
            "model.checkpoint",
            "model.tokenizer",
            "data.root",
            "data.cache",
            "data.cache_gb",
            "runtime.threads",
            "runtime.backend",
            "runtime.device",
            "save.minutes",
            "save.model",
            "save.tensorboard",
            "published",
            "output");

    private static final ObjectMapper JSON =
            JsonMapper.builder().findAndAddModules().build();

    StartRecord {
        Objects.requireNonNull(config, "config is missing");
        Objects.requireNonNull(inputs, "inputs is missing");
        changes = List.copyOf(changes);
    }

    static StartRecord of(RunConfig config, RunInputs inputs) {
        return new StartRecord(keys(config), inputs, List.of());
    }

    /** Reads what {@link #text()} has written; {@code source} names its origin in messages. */
    static StartRecord ofText(String source, String text) {
        try {
            StartRecord record = JSON.readValue(text, StartRecord.class);
            ConfigProblem.unless(
                    record != null, "%s cannot be read (it is null); restore it, or start the run again", source);
            return record;
        } catch (JsonProcessingException e) {
            throw new ConfigProblem(
                    source + " cannot be read (" + JsonFile.reason(e) + "); restore it, or start the run again");
        }
    }

    String text() {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("start record cannot be written: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * This record with the changes that {@code now} makes to changeable keys.
     *
     * @param run for the message
     * @throws ConfigProblem naming every other key that {@code now} has changed
     */
    StartRecord resumedWith(String run, RunConfig now) {
        Map<String, Object> values = new TreeMap<>(keys(now));
        Map<String, Object> free = new LinkedHashMap<>(config);
        List<String> refused = new ArrayList<>();
        List<String> taken = new ArrayList<>(changes);
        Set<String> names = new TreeSet<>(config.keySet());
        names.addAll(values.keySet());
        for (String key : names) {
            Object before = config.get(key);
            Object after = values.get(key);
            if (Objects.equals(String.valueOf(before), String.valueOf(after))) {
                continue;
            }
            (CHANGEABLE.contains(key) ? taken : refused).add(key + " is " + after + ", but was " + before);
            free.put(key, after);
        }
        ConfigProblem.unless(
                refused.isEmpty(),
                "%s: run.yaml is not the configuration that the run began with: %s; put that back, or start a new run",
                run,
                String.join("; ", refused));
        return new StartRecord(free, inputs, taken);
    }

    /** The changes in this record that {@code before}, an older record of the same run, does not have. */
    List<String> newChanges(StartRecord before) {
        return changes.subList(before.changes.size(), changes.size());
    }

    /** @throws ConfigProblem naming the model and each task that have changed */
    void requireSameInputs(String run, RunInputs now) {
        refuse(run, inputs.differences(now));
    }

    /** As {@link #requireSameInputs}, for an evaluation: data sets that the run did not have are allowed. */
    void requireSameTests(String run, List<RunInputs.Data> now) {
        refuse(run, inputs.testDifferences(now));
    }

    /** @throws ConfigProblem when {@code digest} is not that of the model at the start of the run */
    void requireModel(String run, String digest) {
        ConfigProblem.unless(
                inputs.model().equals(digest),
                "%s: the weights of model.checkpoint are not those that the run began with; put that checkpoint back",
                run);
    }

    private static void refuse(String run, List<String> differences) {
        ConfigProblem.unless(
                differences.isEmpty(),
                "%s: not what the run began with: %s; restore that, or start a new run",
                run,
                String.join("; ", differences));
    }

    /**
     * Every key with its value. Data sets are listed by name only: their location may change, and their content is
     * compared.
     */
    private static Map<String, Object> keys(RunConfig config) {
        Map<String, Object> keys = new LinkedHashMap<>();
        flatten("", RunConfigFile.values(config), keys);
        keys.put("data.tasks", names(config.data().tasks()));
        keys.put("data.probes", names(config.data().probes()));
        return keys;
    }

    private static List<String> names(List<DataSource> sources) {
        return sources.stream().map(DataSource::name).toList();
    }

    private static void flatten(String prefix, Map<?, ?> section, Map<String, Object> keys) {
        section.forEach((key, value) -> {
            if (value instanceof Map<?, ?> inner) {
                flatten(prefix + key + ".", inner, keys);
            } else {
                keys.put(prefix + key, value);
            }
        });
    }
}
