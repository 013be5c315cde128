package org.keeplora.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.keeplora.store.InnerPath;

/**
 * The classes of a data set in label order.
 *
 * @param keys each class's name on disk (folder or number), all different
 * @param names each class's name in prompts
 */
record ClassTable(List<String> keys, List<String> names) {
    ClassTable {
        keys = List.copyOf(keys);
        names = List.copyOf(names);
    }

    /** The classes with these keys; a class name is its key with spaces instead of underscores. */
    static ClassTable ofKeys(List<String> keys) {
        return new ClassTable(keys, keys.stream().map(ClassTable::spaced).toList());
    }

    /** Reads the resource {@code <id>.tsv} of this package: one class per line, key, tab, name. */
    static ClassTable load(String id) {
        List<String> keys = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (String line : resource(id + ".tsv")) {
            int tab = line.indexOf('\t');
            keys.add(line.substring(0, tab));
            names.add(line.substring(tab + 1));
        }
        return new ClassTable(keys, names);
    }

    /**
     * Reads the class names from a file beside the images: {@code classes.tsv} (folder, tab, name), else ImageNet's
     * {@code LOC_synset_mapping.txt} (folder, space, synonyms separated by commas; the first one is used).
     *
     * @throws DatasetException when there is neither, or a line has only one part
     */
    static ClassTable beside(Path folder) {
        Path table = folder.resolve("classes.tsv");
        if (Files.exists(table)) {
            return read(table, "\t");
        }
        Path synonyms = folder.resolve("LOC_synset_mapping.txt");
        if (Files.exists(synonyms)) {
            ClassTable all = read(synonyms, " ");
            return new ClassTable(
                    all.keys(),
                    all.names().stream().map(name -> name.split(",", 2)[0]).toList());
        }
        throw new DatasetException(
                table + ": class names not found; put there one line per class: folder, tab, name (or ImageNet's "
                        + synonyms.getFileName() + " beside it)");
    }

    private static ClassTable read(Path file, String separator) {
        Map<String, String> names = new LinkedHashMap<>();
        for (TextLine line : TextLine.of(file)) {
            String[] parts = line.cut(separator);
            if (InnerPath.of(file.getParent(), parts[0]).isEmpty()) {
                throw line.error(String.format(Locale.ROOT, "\"%s\" is not the name of a folder", parts[0]));
            }
            if (names.put(parts[0], parts[1]) != null) {
                throw line.error(String.format(Locale.ROOT, "folder \"%s\" is listed twice", parts[0]));
            }
        }
        return new ClassTable(List.copyOf(names.keySet()), List.copyOf(names.values()));
    }

    /** Lines of a resource of this package. */
    static List<String> resource(String name) {
        try (InputStream in = ClassTable.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing from the program");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + name + " cannot be read", e);
        }
    }

    /** {@code text} with spaces instead of underscores, as the official loaders name classes after folders. */
    static String spaced(String text) {
        return text.replace('_', ' ');
    }

    int size() {
        return keys.size();
    }

    /** Label of each key. */
    Map<String, Integer> labels() {
        Map<String, Integer> labels = new HashMap<>();
        for (int label = 0; label < size(); label++) {
            labels.put(keys.get(label), label);
        }
        return labels;
    }
}
