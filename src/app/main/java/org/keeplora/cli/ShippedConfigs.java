package org.keeplora.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The configurations that are part of the program, resources {@code configs/<name>.yaml}. The first line describes the
 * purpose.
 */
final class ShippedConfigs {
    static final List<String> NAMES = List.of(
            "demo",
            "example",
            "mtil-order1",
            "mtil-order1-plus",
            "mtil-order1-v1",
            "mtil-order1-v2",
            "mtil-order2",
            "mtil-order2-plus",
            "mtil-order2-v1",
            "mtil-order2-v2");

    private ShippedConfigs() {}

    /** The YAML text of one of {@link #NAMES}. */
    static String text(String name) {
        if (!NAMES.contains(name)) {
            throw new ConfigProblem("no configuration is called '" + name + "'; did you mean '"
                    + Nearest.of(name, NAMES) + "'? 'keeplora configs' lists them");
        }
        try (InputStream resource = ShippedConfigs.class.getResourceAsStream("configs/" + name + ".yaml")) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("resource configs/" + name + ".yaml cannot be read", e);
        }
    }

    /** The description, one line. */
    static String description(String name) {
        return text(name).lines().findFirst().orElse("").replaceFirst("^#\\s*", "");
    }
}
