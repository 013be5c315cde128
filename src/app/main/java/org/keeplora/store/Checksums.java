package org.keeplora.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The SHA-256 of every file below a folder, in a file that {@code sha256sum --check} reads. */
final class Checksums {
    static final String FILE_NAME = "SHA256SUMS";

    /** The folder of a run's states; they are not results, so {@code SHA256SUMS} does not list them. */
    static final String STATE_FOLDER = "state";

    private static final String SEPARATOR = "  ";
    private static final String ADVICE = "copy or make the folder again";
    /** Limit for the list: enough for 100,000 files with long names. */
    private static final int MOST_BYTES = 16 << 20;

    private Checksums() {}

    /** Writes {@code SHA256SUMS} for all files below {@code folder}, sorted by path, and forces it to the disk. */
    static void write(Path folder) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String name : names(folder)) {
            lines.append(sha256(folder.resolve(name)))
                    .append(SEPARATOR)
                    .append(name)
                    .append('\n');
        }
        DurableFiles.write(folder.resolve(FILE_NAME), lines.toString());
    }

    /**
     * Checks all files below {@code folder}.
     *
     * @return the number of files
     * @throws BadFile naming the first file that is missing, changed or not listed
     */
    static int verify(Path folder) throws IOException {
        Set<String> listed = requireListed(folder);
        for (String name : names(folder)) {
            if (!listed.contains(name)) {
                throw new BadFile(folder.resolve(name), "not listed in " + FILE_NAME + "; " + ADVICE);
            }
        }
        return listed.size();
    }

    /**
     * Checks the files that {@code SHA256SUMS} lists.
     *
     * @return their names
     * @throws BadFile naming the first that is missing or changed
     */
    static Set<String> requireListed(Path folder) throws IOException {
        Path list = folder.resolve(FILE_NAME);
        if (!Files.isRegularFile(list)) {
            throw new BadFile(list, "no such file, so the folder's files cannot be checked; " + ADVICE);
        }
        Set<String> listed = new TreeSet<>();
        Set<String> present = names(folder);
        for (String line : new String(WholeFile.bytes(list, MOST_BYTES), StandardCharsets.UTF_8)
                .lines()
                .toList()) {
            int split = line.indexOf(SEPARATOR);
            if (split < 0) {
                throw new BadFile(list, "line '" + line + "' is not '<sha256>  <path>'; " + ADVICE);
            }
            String name = line.substring(split + SEPARATOR.length());
            Path file = InnerPath.of(folder, name)
                    .orElseThrow(() -> new BadFile(list, "'" + name + "' lies outside of the folder; " + ADVICE));
            if (!present.contains(name) || !listed.add(name)) {
                throw new BadFile(file, "listed in " + FILE_NAME + " but missing, or listed twice; " + ADVICE);
            }
            if (!sha256(file).equals(line.substring(0, split))) {
                throw new BadFile(
                        file,
                        "changed since it was written: its SHA-256 is not the one in " + FILE_NAME + "; " + ADVICE);
            }
        }
        return listed;
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> !name.equals(FILE_NAME) && !name.startsWith(STATE_FOLDER + "/"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
