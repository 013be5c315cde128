package org.keeplora.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Kinds of image files that {@link ImageDecoder} reads, recognised by their first bytes. */
enum ImageKind {
    JPEG(starts("\u00ff\u00d8\u00ff")),
    PNG(starts("\u0089PNG")),
    GIF(starts("GIF8")),
    BMP(starts("BM")),
    /** Both byte orders. */
    TIFF(starts("II*\0", "MM\0*")),
    /** The size of the file lies between the two words. */
    WEBP(starts("RIFF....WEBP")),
    /** PGM and PPM, as text or binary: {@link PortableMap}. */
    PORTABLE_MAP(starts("P2", "P3", "P5", "P6"));

    /** The kinds for messages. */
    static final String NAMES = "JPEG, PNG, BMP, GIF, TIFF, WebP, PPM, PGM";

    /** How many bytes {@link #of} needs. */
    static final int START = 12;

    private static final char ANY = '.';

    private final List<String> starts;

    ImageKind(List<String> starts) {
        this.starts = starts;
    }

    private static List<String> starts(String... starts) {
        return List.of(starts);
    }

    /** The kind of a file that begins with {@code bytes}; only the first {@link #START} bytes are used. */
    static Optional<ImageKind> of(byte[] bytes) {
        String start = new String(bytes, 0, Math.min(START, bytes.length), StandardCharsets.ISO_8859_1);
        return Arrays.stream(values())
                .filter(kind -> kind.starts.stream().anyMatch(known -> begins(start, known)))
                .findFirst();
    }

    private static boolean begins(String start, String known) {
        boolean same = start.length() >= known.length();
        for (int i = 0; same && i < known.length(); i++) {
            same = known.charAt(i) == ANY || known.charAt(i) == start.charAt(i);
        }
        return same;
    }
}
