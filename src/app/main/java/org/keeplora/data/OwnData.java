package org.keeplora.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Where a data set of one's own lies and how its classes are prompted.
 *
 * @param name not blank; reports call it so
 * @param path the folder or the table
 * @param template prompt template; {@code {}} stands for the class name
 */
public record OwnData(String name, Format format, Path path, String template) {
    /** How such a data set lies on disk. The training half may be absent: then it is a probe. */
    public enum Format {
        /**
         * {@code {train,test}/<class>/<image>}, images at any depth below their class; a class is called after its
         * folder, with spaces for underscores. Images of {@code val}, {@code valid} and {@code validation} are left
         * out.
         */
        FOLDER,
        /**
         * A table with the header {@code split,path,class} in any order: {@code train} or {@code test} (rows of
         * {@code val}, {@code valid} and {@code validation} are left out), path of the image, relative to the table's
         * folder or absolute, class name.
         */
        CSV
    }

    /** What users call a third part of their data, which a run has no use for. */
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
