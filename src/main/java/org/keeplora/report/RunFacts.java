package org.keeplora.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What somebody needs to repeat a run.
 *
 * @param seed the run's seed
 * @param versions of everything that took part, by name: java, os, cpu, libtorch, openblas, keeplora4j
 * @param config all settings, defaults too; values are text, numbers, booleans, lists and maps
 */
public record RunFacts(long seed, Map<String, String> versions, Map<String, Object> config) {
    public RunFacts {
        versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
        config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
    }
}
