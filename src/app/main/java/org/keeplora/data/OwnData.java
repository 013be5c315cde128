package org.keeplora.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The user's own data set: its place, format and prompt template.
 *
 * @param name not blank; used in reports
 * @param path the folder or the table
 * @param template prompt template; {@code {}} stands for the class name
 */
public record OwnData(String name, Format format, Path path, String template) {
    /** The format on disk. Without a training half the data set is a probe. */
    public enum Format {
        /**
         * {@code {train,test}/<class>/<image>}, images at any depth below their class. A class name is its folder's
         * name with spaces instead of underscores. Images in {@code val}, {@code valid} and {@code validation} are left
         * out.
         */
        FOLDER,
        /**
         * A table with the columns {@code split}, {@code path} and {@code class} in any order. {@code split} is {@code
         * train} or {@code test}; rows of {@code val}, {@code valid} and {@code validation} are left out. {@code path}
         * is the image's path, absolute or relative to the table's folder.
         */
        CSV
    }

    /** Usual names of a validation half, which a run does not use. */
    static final List<String> VALIDATION = List.of("val", "valid", "validation");

    public OwnData {
        if (name.isBlank()) {
            throw new DatasetException("own data set at " + path + ": name is blank; give it one");
        }
        if (!template.contains(Dataset.CLASS_NAME)) {
            throw new DatasetException(String.format(
                    Locale.ROOT,
                    "own data set %s: prompt template \"%s\" has no %s; it marks the place of the class name",
                    name,
                    template,
                    Dataset.CLASS_NAME));
        }
    }
}
