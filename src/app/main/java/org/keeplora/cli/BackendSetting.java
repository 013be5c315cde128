package org.keeplora.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.keeplora.engine.BackendChoice;

/**
 * The configured backend, unless the system property {@code keeplora.backend} or else the variable KEEPLORA_BACKEND
 * overrides it.
 */
final class BackendSetting {
    static final String PROPERTY = "keeplora.backend";
    static final String VARIABLE = "KEEPLORA_BACKEND";

    private BackendSetting() {}

    /**
     * The overriding backend, or {@code configured} if there is none.
     *
     * @throws ConfigProblem naming the property or variable if it does not name a backend
     */
    static BackendChoice of(BackendChoice configured) {
        return of(configured, System.getProperty(PROPERTY), System.getenv(VARIABLE));
    }

    static BackendChoice of(BackendChoice configured, String property, String variable) {
        return parse("-D" + PROPERTY, property)
                .or(() -> parse(VARIABLE, variable))
                .orElse(configured);
    }

    private static Optional<BackendChoice> parse(String source, String name) {
        if (name == null || name.isBlank()) {
            return Optional.empty();
        }
        return Optional.of(Arrays.stream(BackendChoice.values())
                .filter(choice -> choice.name().equalsIgnoreCase(name.strip()))
                .findFirst()
                .orElseThrow(() -> new ConfigProblem(source + " is '" + name + "'; it must be one of "
                        + Arrays.toString(BackendChoice.values()).toLowerCase(Locale.ROOT))));
    }
}
