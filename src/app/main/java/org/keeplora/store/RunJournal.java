package org.keeplora.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A run's folder that survives the end of its process: the results so far and the state to resume from.
 * <pre>
 * run.yaml                               the configuration; written at the start
 * start.json                             what the run began with; written at the start
 * ...                                    results
 * state/00000007/state.safetensors       arrays and facts; the two newest states are kept
 * state/00000007/SHA256SUMS
 * state/lock                             locked by the process that works on the run
 * SHA256SUMS                             written last; then state is deleted
 * </pre>
 *
 * <p>After a kill, a full disk or a power cut, {@link #open} finds the newest state whose {@link #save} returned, or
 * the one whose save was interrupted. It also finds every result written before that save, because results are forced
 * to the disk before the state. Only one process at a time may open a run. Its methods may be called from any thread,
 * such as a signal handler's.
 */
public final class RunJournal implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RunJournal.class.getName());

    private final RunLayout layout;
    private final String config;
    private final String start;
    private final RunLock lock;
    private final ResultFolder results;
    private final StateFolder states;

    /**
     * Number of the newest state that was loaded or saved; 0 for none. A damaged state does not count once the damage
     * is known.
     */
    private long newest;

    private boolean closed;

    /**
     * A complete, undamaged state.
     *
     * @param number counts the saves of the run, from 1
     * @param arrays as saved; the second {@link RunJournal#save} after this one deletes their file
     * @param facts as saved
     */
    public record State(long number, Safetensors arrays, Map<String, String> facts) {}

    private RunJournal(RunLayout layout, RunLock lock) throws IOException {
        this.layout = layout;
        this.lock = lock;
        this.config = Files.readString(layout.config());
        this.start = Files.readString(layout.start());
        this.results = layout.results();
        this.states = new StateFolder(layout.states());
        this.newest = states.newestFirst().stream().findFirst().orElse(0L);
    }

    /**
     * Creates the folder {@code target}. When this returns, the run survives a kill or a power cut. A process killed
     * earlier leaves at most a hidden folder beside {@code target}.
     *
     * @param config any text, kept as {@code run.yaml}
     * @param start any text, kept as {@code start.json}
     * @throws BadFile when {@code target} exists
     * @throws UncheckedIOException when it cannot be written; if the folder exists nevertheless, it can be opened
     */
    public static RunJournal create(Path target, String config, String start) {
        RunLayout layout = RunLayout.of(target);
        try {
            PartFolder part = PartFolder.beside(layout.run());
            try {
                RunLayout hidden = new RunLayout(part.path());
                Files.createDirectory(hidden.states());
                DurableFiles.write(hidden.config(), config);
                DurableFiles.write(hidden.start(), start);
                part.publish();
            } finally {
                part.delete();
            }
            return locked(layout);
        } catch (IOException e) {
            String next = Files.exists(layout.run()) ? layout.resume() : "start it again";
            throw layout.failed("the run cannot be created", e, next);
        }
    }

    /**
     * Resumes an unfinished run; leftovers of interrupted writes are deleted.
     *
     * @throws BadFile when there is no run, it is finished, or a process has it open
     * @throws UncheckedIOException when it cannot be read, or leftovers cannot be deleted
     */
    public static RunJournal open(Path target) {
        RunLayout layout = RunLayout.of(target);
        layout.requireRun();
        try {
            if (layout.isFinished() && !Files.exists(layout.states())) {
                throw layout.finished();
            }
            Files.createDirectories(layout.states());
            RunJournal journal = locked(layout);
            try {
                if (layout.isFinished()) {
                    journal.discardStates();
                    throw layout.finished();
                }
                DurableFiles.deleteParts(layout.run());
                return journal;
            } catch (IOException | RuntimeException e) {
                journal.close();
                throw e;
            }
        } catch (IOException e) {
            throw layout.failed("the run cannot be opened", e, layout.resume());
        }
    }

    private static RunJournal locked(RunLayout layout) throws IOException {
        RunLock lock = RunLock.take(layout.run(), layout.lock());
        try {
            return new RunJournal(layout, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** The run's folder, absolute. */
    public Path target() {
        return layout.run();
    }

    /**
     * The content of {@code run.yaml} when the run was opened: the text given to {@link #create}, unless the file was
     * edited.
     */
    public String config() {
        return config;
    }

    /** The content of {@code start.json} when the run was opened. */
    public String start() {
        return start;
    }

    /** Replaces the content of {@code start.json} in one step and forces it to the disk. */
    public synchronized void restart(String text) {
        requireOpen();
        try {
            DurableFiles.write(layout.start(), text);
        } catch (IOException e) {
            throw layout.failed("the changed start record cannot be written", e, layout.resume());
        }
    }

    /**
     * The newest state whose files all match their SHA-256; a damaged newer state is skipped with a warning.
     *
     * @return empty when no state was saved
     * @throws BadFile when there are states but all are damaged
     */
    public synchronized Optional<State> latest() {
        requireOpen();
        Optional<State> state = states.newestWhole();
        state.ifPresent(found -> newest = found.number());
        return state;
    }

    /**
     * Forces all results so far to the disk, then writes a state. When this returns, both survive a kill or a power
     * cut; when it throws, the previous state still exists. The two newest states are kept.
     *
     * @param facts kept as the metadata of the safetensors file
     * @throws UncheckedIOException saying what to do
     */
    public synchronized void save(List<NamedArray> arrays, Map<String, String> facts) {
        requireOpen();
        long number = states.numbers().stream().findFirst().orElse(0L) + 1;
        try {
            forceResults();
            states.write(number, arrays, facts);
        } catch (IOException e) {
            String what = "state " + number + " cannot be saved, the one before is still there";
            throw layout.failed(what, e, layout.resume());
        }
        long before = newest;
        newest = number;
        try {
            states.deleteAllBut(Set.of(before, number));
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "{0}: an old state cannot be deleted: {1}; the next save tries again",
                    states.path(),
                    e);
        }
    }

    private void forceResults() throws IOException {
        for (Path entry : DurableFiles.entries(target())) {
            if (!entry.equals(states.path())) {
                DurableFiles.forceAll(entry);
            }
        }
        DurableFiles.force(target());
    }

    /**
     * The path to write the result file {@code name} to; as {@link RunDirectory#file}, but {@code run.yaml} is refused
     * too.
     */
    public Path file(String name) {
        requireOpen();
        return results.file(name);
    }

    /** Creates the folder {@code name} for results; throws as {@link #file}. */
    public Path folder(String name) {
        requireOpen();
        return results.folder(name);
    }

    /**
     * Ends the run: forces all results to the disk, writes {@code SHA256SUMS}, deletes the states and releases the
     * lock.
     *
     * @return the run's folder
     * @throws UncheckedIOException when that fails before the run is finished; the run then stays open
     */
    public synchronized Path finish() {
        requireOpen();
        try {
            DurableFiles.deleteParts(target());
            forceResults();
            Checksums.write(target());
        } catch (IOException e) {
            throw layout.failed("the run cannot be finished", e, layout.resume());
        }
        discardStates();
        return target();
    }

    /**
     * The last step of finishing a run. The lock is released before its file is deleted, because Windows deletes no
     * open file.
     */
    private void discardStates() {
        try {
            states.deleteAllBut(Set.of());
            close();
            DurableFiles.deleteAll(states.path());
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "{0}: the run is finished but this cannot be deleted: {1}; delete it",
                    states.path(),
                    e);
        } finally {
            close();
        }
    }

    /** Deletes the folder after a failure when no state was ever saved: there is nothing to resume. */
    public synchronized void discardUnlessSaved() {
        if (closed || !states.numbers().isEmpty()) {
            return;
        }
        close();
        try {
            DurableFiles.deleteAll(target());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0}: has no state and cannot be deleted: {1}; delete it", target(), e);
        }
    }

    /** Releases the lock and leaves all files for {@link #open}. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(target() + ": the lock cannot be released: " + e, e);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("run folder " + target() + " is closed");
        }
    }
}
