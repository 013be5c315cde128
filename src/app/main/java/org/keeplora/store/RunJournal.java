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
 * A run's folder that outlives its process: results so far, and the state to go on from.
 *
 * <pre>
 * run.yaml                               the configuration; there from the start
 * start.json                             what the run began with; there from the start
 * ...                                    results
 * state/00000007/state.safetensors       arrays and facts; the two newest states are kept
 * state/00000007/SHA256SUMS
 * state/lock                             held by the process at work
 * SHA256SUMS                             written last; then state is deleted
 * </pre>
 *
 * <p>After a kill, a full disk or a power cut, {@link #open} finds the newest state whose {@link #save} returned, or
 * the one under way, and with it every result written before that save: they are forced to the disk before the state
 * is. A run has one process at a time; its methods may be called from any thread, such as one that handles a signal.
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
     * Number of the newest state that the run started from or saved, damaged ones not counted once that is known; 0 for
     * none.
     */
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
     * Starts the folder {@code target}; when this returns, the run survives anything. A process killed before that
     * leaves a hidden folder beside it at most.
     *
     * @param config any text, kept as {@code run.yaml}
     * @param start any text, kept as {@code start.json}
     * @throws BadFile when something of that name exists
     * @throws UncheckedIOException when it cannot be written; when the folder is there nevertheless, it can be opened
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
                part.appear();
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
     * Goes on with an unfinished run; what writes that were cut short have left is deleted.
     *
     * @throws BadFile when there is no run, it is finished, or a process has it
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
     * What {@code run.yaml} held when the run was opened: the text given to {@link #create}, unless somebody has edited
     * it.
     */
    public String config() {
        return config;
    }

    /** What {@code start.json} held when the run was opened. */
    public String start() {
        return start;
    }

    /** Replaces what {@code start.json} holds, durably and in one step. */
    public synchronized void restart(String text) {
        requireOpen();
        try {
            DurableFiles.write(layout.start(), text);
        } catch (IOException e) {
            throw layout.failed("what is different from the start cannot be recorded", e, layout.resume());
        }
    }

    /**
     * The newest state that is whole, every SHA-256 right; a damaged one is passed over, with a warning, for the one
     * before.
     *
     * @return empty when none was saved
     * @throws BadFile when there are states but none is whole
     */
    public synchronized Optional<State> latest() {
        requireOpen();
        Optional<State> state = states.newestWhole();
        state.ifPresent(found -> newest = found.number());
        return state;
    }

    /**
     * Writes a state, after all results so far have been forced to the disk. When this returns, both survive anything;
     * when it throws, the state before is still there. The two newest are kept.
     *
     * @param facts kept as the text of the safetensors file
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
     * Where the result file {@code name} is to be written; as {@link RunDirectory#file}, and {@code run.yaml} is
     * refused too.
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
     * Ends the run: forces all results to the disk, writes {@code SHA256SUMS}, deletes the states and gives up the
     * lock.
     *
     * @return the run's folder
     * @throws UncheckedIOException when that fails before the run is finished; it stays open then
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

    /** The end of a finished run; the lock goes before its file does, as Windows deletes no open file. */
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

    /** After a failure: where no state was ever saved there is nothing to go on with, and the folder is deleted. */
    public synchronized void discardUnlessSaved() {
        if (closed || !states.numbers().isEmpty()) {
            return;
        }
        close();
        try {
            DurableFiles.deleteAll(target());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0}: holds nothing and cannot be deleted: {1}; delete it", target(), e);
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
            throw new UncheckedIOException(target() + ": the lock cannot be given up: " + e, e);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("run folder " + target() + " is closed");
        }
    }

    /**
     * Checks the results of a finished run; files that were added since do not matter.
     *
     * @return {@code start.json}; empty for a run of an earlier version, which has none
     * @throws BadFile naming the first result that is missing or changed
     * @throws UncheckedIOException when it cannot be read
     */
    public static Optional<String> requireResults(Path folder) {
        RunLayout layout = new RunLayout(folder);
        try {
            Checksums.requireListed(folder);
            return Files.isRegularFile(layout.start())
                    ? Optional.of(Files.readString(layout.start()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be checked: " + e, e);
        }
    }

    /**
     * Checks every file of a finished run, or the states that an unfinished one keeps.
     *
     * @return what was checked, in one line
     * @throws BadFile naming the first thing that is wrong
     * @throws UncheckedIOException when it cannot be read
     */
    public static String verify(Path folder) {
        try {
            return new RunLayout(folder).verify();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be checked: " + e, e);
        }
    }
}
