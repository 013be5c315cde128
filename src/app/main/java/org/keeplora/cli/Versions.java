package org.keeplora.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Versions of the program and its libraries, written by the build. */
final class Versions {
    private Versions() {}

    static Map<String, String> all() {
        Properties properties = new Properties();
        try (InputStream resource = Versions.class.getResourceAsStream("versions.properties")) {
            properties.load(resource);
        } catch (IOException e) {
            throw new UncheckedIOException("resource versions.properties cannot be read", e);
        }
        Map<String, String> versions = new TreeMap<>();
        properties.forEach((name, version) -> versions.put(name.toString(), version.toString()));
        versions.put("java", Runtime.version().toString());
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return versions;
    }
}
