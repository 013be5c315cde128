package org.keeplora.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The classes of a data set in label order.
 *
 * @param keys how the disk names each class (folder, number)
 * @param names how prompts name it
 */
record ClassTable(List<String> keys, List<String> names) {
    ClassTable {
        keys = List.copyOf(keys);
        names = List.copyOf(names);
    }

    /** Reads the resource {@code <id>.tsv} of this package: one class per line, key, tab, name. */
    static ClassTable load(String id) {
        String resource = id + ".tsv";
        List<String> keys = new ArrayList<>();
        List<String> names = new ArrayList<>();
        try (InputStream in = ClassTable.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("class table " + resource + " is missing from the program's resources");
            }
            var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int tab = line.indexOf('\t');
                keys.add(line.substring(0, tab));
                names.add(line.substring(tab + 1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("class table " + resource + " cannot be read", e);
        }
        return new ClassTable(keys, names);
    }

    int size() {
        return keys.size();
    }
}
