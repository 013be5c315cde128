package org.keeplora.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A run's folder that outlives its process: results so far, and the state to go on from.
 *
 * <pre>
 * run.yaml                               the configuration; there from the start
 * ...                                    results
 * state/00000007/state.safetensors       arrays and facts; the two newest states are kept
 * state/00000007/SHA256SUMS
 * state/lock                             held by the process at work
 * SHA256SUMS                             written last; then state is deleted
 * </pre>
 *
 * <p>After a kill, a full disk or a power cut, {@link #open} finds the newest state whose {@link #save} returned, or the one under
 * way, and with it every result written before that save: they are forced to the disk before the state is. A run has one process
 * at a time; its methods may be called from any thread, such as one that handles a signal.
 */
public final class RunJournal implements AutoCloseable {
    private static final String CONFIG = "run.yaml";
    private static final String STATE = Checksums.STATE_FOLDER;
    private static final String LOCK = "lock";

    private static final String RESUME = "keeplora resume ";

    private static final System.Logger LOG = System.getLogger(RunJournal.class.getName());

    private final Path target;
    private final String config;
    private final RunLock lock;
    private final ResultFolder results;
    private final StateFolder states;

    /** Number of the newest state that the run started from or saved, damaged ones not counted once that is known; 0 for none. */
    private long newest;

    private boolean closed;

    /**
     * A state that is whole.
     *
     * @param number counts the saves of the run, from 1
     * @param arrays as saved; its file is deleted by the second {@link RunJournal#save} from here
     * @param facts as saved
     */
    public record State(long number, Safetensors arrays, Map<String, String> facts) {}

    private RunJournal(Path target, RunLock lock) throws IOException {
        this.target = target;
        this.lock = lock;
        this.config = Files.readString(target.resolve(CONFIG));
        this.results = new ResultFolder(target, Set.of(CONFIG, STATE, Checksums.FILE_NAME));
        this.states = new StateFolder(target.resolve(STATE));
        this.newest = states.newestFirst().stream().findFirst().orElse(0L);
    }

    /**
     * Starts the folder {@code target}; when this returns, the run survives anything. A process killed before that leaves a hidden
     * folder beside it at most.
     *
     * @param config any text, kept as {@code run.yaml}
     * @throws BadFile when something of that name exists
     * @throws UncheckedIOException when it cannot be written; when the folder is there nevertheless, it can be opened
     */
    public static RunJournal create(Path target, String config) {
        Path run = target.toAbsolutePath().normalize();
        try {
            PartFolder part = PartFolder.beside(run);
            try {
                Files.createDirectory(part.path().resolve(STATE));
                DurableFiles.write(part.path().resolve(CONFIG), config);
                part.appear();
            } finally {
                part.delete();
            }
            return locked(run);
        } catch (IOException e) {
            throw failed(run, "the run cannot be created", e, Files.exists(run) ? RESUME + run : "start it again");
        }
    }

    /**
     * Goes on with an unfinished run; what writes that were cut short have left is deleted.
     *
     * @throws BadFile when there is no run, it is finished, or a process has it
     * @throws UncheckedIOException when it cannot be read, or leftovers cannot be deleted
     */
    public static RunJournal open(Path target) {
        Path run = target.toAbsolutePath().normalize();
        requireRun(run);
        try {
            if (isFinished(run) && !Files.exists(run.resolve(STATE))) {
                throw finished(run);
            }
            Files.createDirectories(run.resolve(STATE));
            RunJournal journal = locked(run);
            try {
                if (isFinished(run)) {
                    journal.discardStates();
                    throw finished(run);
                }
                DurableFiles.deleteParts(run);
                return journal;
            } catch (IOException | RuntimeException e) {
                journal.close();
                throw e;
            }
        } catch (IOException e) {
            throw failed(run, "the run cannot be opened", e, RESUME + run);
        }
    }

    private static RunJournal locked(Path run) throws IOException {
        RunLock lock = RunLock.take(run, run.resolve(STATE).resolve(LOCK));
        try {
            return new RunJournal(run, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static void requireRun(Path run) {
        if (!Files.isDirectory(run)) {
            throw new BadFile(run, "no such folder");
        }
        if (!Files.isRegularFile(run.resolve(CONFIG))) {
            throw new BadFile(run, "not a run of keeplora: it has no " + CONFIG);
        }
    }

    private static boolean isFinished(Path run) {
        return Files.exists(run.resolve(Checksums.FILE_NAME));
    }

    private static BadFile finished(Path run) {
        return new BadFile(
                run, "finished already, so there is nothing to go on with; start a new run in another folder");
    }

    /** The run's folder, absolute. */
    public Path target() {
        return target;
    }

    /** The text given to {@link #create}. */
    public String config() {
        return config;
    }

    /**
     * The newest state that is whole, every SHA-256 right; a damaged one is passed over, with a warning, for the one before.
     *
     * @return empty when none was saved
     * @throws BadFile when there are states but none is whole
     */
    public synchronized Optional<State> latest() {
        requireOpen();
        Optional<BadFile> first = Optional.empty();
        for (long number : numbers()) {
            Optional<BadFile> damage = states.damage(number);
            if (damage.isEmpty()) {
                newest = number;
                Safetensors arrays = states.open(number);
                return Optional.of(new State(number, arrays, arrays.metadata()));
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}; the state before it is used",
                    damage.get().getMessage());
            first = first.or(() -> damage);
        }
        first.ifPresent(damage -> {
            throw new BadFile(
                    states.path(),
                    "no state of the run is whole (%s); bring the folder back from a copy, or start a new run in another"
                            .formatted(damage.getMessage()),
                    damage);
        });
        return Optional.empty();
    }

    private List<Long> numbers() {
        try {
            return states.newestFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(states.path() + ": cannot be read: " + e, e);
        }
    }

    /**
     * Writes a state, after all results so far have been forced to the disk. When this returns, both survive anything; when it
     * throws, the state before is still there. The two newest are kept.
     *
     * @param facts kept as the text of the safetensors file
     * @throws UncheckedIOException saying what to do
     */
    public synchronized void save(List<NamedArray> arrays, Map<String, String> facts) {
        requireOpen();
        long number = numbers().stream().findFirst().orElse(0L) + 1;
        try {
            forceResults();
            states.write(number, arrays, facts);
        } catch (IOException e) {
            String what = "state " + number + " cannot be saved, the one before is still there";
            throw failed(target, what, e, RESUME + target);
        }
        long before = newest;
        newest = number;
        try {
            states.deleteAllBut(Set.of(before, number));
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}: a state that is no longer needed cannot be deleted: {1}; the next save tries again",
                    states.path(),
                    e);
        }
    }

    private void forceResults() throws IOException {
        for (Path entry : DurableFiles.entries(target)) {
            if (!entry.equals(states.path())) {
                DurableFiles.forceAll(entry);
            }
        }
        DurableFiles.force(target);
    }

    /**
     * Where the result file {@code name} is to be written; its folder exists.
     *
     * @throws IllegalArgumentException when the name leads out of the folder or is taken for the run's own files
     */
    public Path file(String name) {
        requireOpen();
        return results.file(name);
    }

    /** The folder {@code name} for results, created; throws as {@link #file}. */
    public Path folder(String name) {
        requireOpen();
        return results.folder(name);
    }

    /**
     * Ends the run: forces all results to the disk, writes {@code SHA256SUMS}, deletes the states and gives up the lock.
     *
     * @return the run's folder
     * @throws UncheckedIOException when that fails before the run is finished; it stays open then
     */
    public synchronized Path finish() {
        requireOpen();
        try {
            DurableFiles.deleteParts(target);
            forceResults();
            Checksums.write(target);
        } catch (IOException e) {
            throw failed(target, "the run cannot be finished", e, RESUME + target);
        }
        discardStates();
        return target;
    }

    /** The end of a finished run; the lock goes before its file does, as Windows deletes no open file. */
    private void discardStates() {
        try {
            states.deleteAllBut(Set.of());
            close();
            DurableFiles.deleteAll(states.path());
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}: the run is finished, but its states cannot be deleted: {1}; delete that folder",
                    states.path(),
                    e);
        } finally {
            close();
        }
    }

    /** Gives up the lock and leaves everything for {@link #open}. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(target + ": the lock cannot be given up: " + e, e);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("run folder " + target + " is closed");
        }
    }

    /** @param next what to do when the cause is gone */
    private static UncheckedIOException failed(Path run, String what, IOException cause, String next) {
        String message = String.valueOf(cause.getMessage());
        boolean full =
                Stream.of("No space left", "quota exceeded", "not enough space").anyMatch(message::contains);
        return new UncheckedIOException(
                "%s: %s: %s; %s, then %s"
                        .formatted(run, what, cause, full ? "disk full: free space" : "remove the cause", next),
                cause);
    }

    /**
     * Checks every file of a finished run, or the states that an unfinished one keeps.
     *
     * @return what was checked, in one line
     * @throws BadFile naming the first thing that is wrong
     * @throws UncheckedIOException when it cannot be read
     */
    public static String verify(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new BadFile(folder, "no such folder");
        }
        try {
            if (isFinished(folder)) {
                return "%s: finished; all %d files are as written".formatted(folder, Checksums.verify(folder));
            }
            requireRun(folder);
            return "%s: unfinished; %s".formatted(folder, new StateFolder(folder.resolve(STATE)).verify());
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be checked: " + e, e);
        }
    }
}
