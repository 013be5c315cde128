package org.keeplora.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The states of an unfinished run: one numbered folder each, with {@code state.safetensors} and {@code SHA256SUMS}.
 *
 * <p>A folder is numbered only when it is complete, and renamed before it is deleted. So a fault in a numbered folder
 * was caused by something else.
 *
 * @param path the folder that holds the states
 */
record StateFolder(Path path) {
    private static final System.Logger LOG = System.getLogger(StateFolder.class.getName());
    private static final String ARRAYS = "state.safetensors";

    private static final Pattern NUMBER = Pattern.compile("\\d{8,18}");

    /** The numbers of all states, damaged ones included. */
    List<Long> newestFirst() throws IOException {
        List<Path> entries = Files.isDirectory(path) ? DurableFiles.entries(path) : List.of();
        return entries.stream()
                .map(entry -> entry.getFileName().toString())
                .filter(name -> NUMBER.matcher(name).matches())
                .map(Long::valueOf)
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    /**
     * As {@link #newestFirst}.
     *
     * @throws UncheckedIOException naming the folder, when it cannot be read
     */
    List<Long> numbers() {
        try {
            return newestFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be read: " + e, e);
        }
    }

    /**
     * The newest state whose files all match their SHA-256; a damaged newer state is skipped with a warning.
     *
     * @return empty when there is none
     * @throws BadFile when there are states but all are damaged
     */
    Optional<RunJournal.State> newestWhole() {
        Optional<BadFile> first = Optional.empty();
        for (long number : numbers()) {
            Optional<BadFile> damage = damage(number);
            if (damage.isEmpty()) {
                Safetensors arrays = open(number);
                return Optional.of(new RunJournal.State(number, arrays, arrays.metadata()));
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}; this state is skipped for an earlier one",
                    damage.get().getMessage());
            first = first.or(() -> damage);
        }
        first.ifPresent(damage -> {
            throw new BadFile(
                    path,
                    "all states of the run are damaged (" + damage.getMessage()
                            + "); restore the folder from a copy, or start a new run in another",
                    damage);
        });
        return Optional.empty();
    }

    Path of(long number) {
        return path.resolve(String.format(Locale.ROOT, "%08d", number));
    }

    Safetensors open(long number) {
        return Safetensors.open(of(number).resolve(ARRAYS));
    }

    /** Why state {@code number} cannot be read or differs from what was written; empty when it is undamaged. */
    Optional<BadFile> damage(long number) {
        Path state = of(number);
        try {
            Checksums.verify(state);
            open(number);
            return Optional.empty();
        } catch (BadFile e) {
            return Optional.of(e);
        } catch (IOException | UncheckedIOException e) {
            return Optional.of(new BadFile(state, "cannot be read: " + e, e));
        }
    }

    /** Writes state {@code number}; it is on the disk when this returns. */
    void write(long number, List<NamedArray> arrays, Map<String, String> facts) throws IOException {
        Path part = hidden(number);
        DurableFiles.deleteAll(part);
        try {
            Files.createDirectory(part);
            Safetensors.write(part.resolve(ARRAYS), arrays, facts);
            Checksums.write(part);
            Files.move(part, of(number), StandardCopyOption.ATOMIC_MOVE);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            DurableFiles.deleteAll(part);
        }
        DurableFiles.force(path);
    }

    /**
     * Checks the two newest states, which a run keeps.
     *
     * @return what was checked
     * @throws BadFile naming the first fault
     */
    String verify() throws IOException {
        List<Long> kept = newestFirst().stream().limit(2).toList();
        for (long number : kept) {
            Optional<BadFile> damage = damage(number);
            if (damage.isPresent() && Files.exists(of(number))) {
                throw damage.get();
            }
        }
        return kept.isEmpty() ? "it has no state yet" : "its states " + kept + " are as written";
    }

    /** Deletes all states except {@code kept}. Each is renamed first, so that no reader finds half a state. */
    void deleteAllBut(Set<Long> kept) throws IOException {
        for (long number : newestFirst()) {
            if (!kept.contains(number)) {
                Path part = hidden(number);
                DurableFiles.deleteAll(part);
                Files.move(of(number), part, StandardCopyOption.ATOMIC_MOVE);
                DurableFiles.deleteAll(part);
            }
        }
    }

    private Path hidden(long number) {
        return path.resolve("." + number + ".part");
    }
}
