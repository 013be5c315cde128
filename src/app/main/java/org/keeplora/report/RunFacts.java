package org.keeplora.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The facts needed to repeat the run and to judge its figures.
 *
 * @param seed the run's seed
 * @param versions of everything that the run used, by name: java, os, cpu, libtorch, openblas, keeplora4j
 * @param config all settings, including defaults; values are strings, numbers, booleans, lists and maps
 * @param tests size of each task's and probe's test set, by name; empty when not known, as for runs of earlier versions
 */
public record RunFacts(
        long seed, Map<String, String> versions, Map<String, Object> config, Map<String, TestSet> tests) {
    public RunFacts {
        versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
        config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
        tests = Collections.unmodifiableMap(new LinkedHashMap<>(tests));
    }
}
