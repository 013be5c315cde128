package org.keeplora.data;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Files of the user's own data set that are not used as items, and why. Every file that could be taken for an image is
 * reported.
 *
 * @param files in the order in which they were found
 */
public record LeftOut(List<File> files) {
    /** For a data set that uses every file. */
    public static final LeftOut NOTHING = new LeftOut(List.of());

    /** Why a file is not an item. */
    public enum Reason {
        /** The name does not end like an image's. */
        OTHER_TYPE("of another type", "of another type"),
        BROKEN_LINK("broken link", "broken links"),
        /** The name, or that of a folder above it, begins with a dot; a hidden folder counts as one file. */
        HIDDEN("hidden", "hidden"),
        EMPTY("empty", "empty"),
        NO_PERMISSION("without permission to read", "without permission to read"),
        /** OpenCV reads WebP but is not on the class path. */
        NO_DECODER("WebP image, which needs OpenCV", "WebP images, which need OpenCV"),
        /** The file lies beside the class folders. */
        NO_CLASS("outside the class folders", "outside the class folders"),
        /** The file is for validation, which no run does. */
        VALIDATION("for validation", "for validation");

        private final String one;
        private final String several;

        Reason(String one, String several) {
            this.one = one;
            this.several = several;
        }
    }

    /** One file, or a hidden folder. */
    public record File(Path path, Reason reason) {}

    public LeftOut {
        files = List.copyOf(files);
    }

    /**
     * A text such as {@code left out 3 files: 2 of another type (.txt), 1 broken link}; empty when nothing is left out.
     */
    public String text() {
        if (files.isEmpty()) {
            return "";
        }
        Map<Reason, List<File>> byReason = files.stream()
                .collect(Collectors.groupingBy(File::reason, () -> new EnumMap<>(Reason.class), Collectors.toList()));
        return "left out " + files.size() + " " + (files.size() == 1 ? "file" : "files") + ": "
                + byReason.entrySet().stream()
                        .map(entry -> text(entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining(", "));
    }

    private static String text(Reason reason, List<File> files) {
        String text = files.size() + " " + (files.size() == 1 ? reason.one : reason.several);
        return reason == Reason.OTHER_TYPE ? text + " (" + String.join(", ", endings(files)) + ")" : text;
    }

    private static SortedSet<String> endings(List<File> files) {
        return files.stream()
                .map(file -> FolderImages.ending(file.path()))
                .map(ending -> ending.isEmpty() ? "no ending" : ending.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
