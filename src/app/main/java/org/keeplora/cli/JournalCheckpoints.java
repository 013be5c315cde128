package org.keeplora.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keeplora.store.NamedArray;
import org.keeplora.store.RunJournal;
import org.keeplora.train.Checkpoints;

/**
 * Saves the states of a run in its journal: after every task, after each save interval, and when a signal asks the run
 * to stop.
 */
final class JournalCheckpoints implements Checkpoints {
    private final RunJournal journal;
    private final Duration interval;
    private long lastSave = System.nanoTime();
    private volatile boolean stopping;

    JournalCheckpoints(RunJournal journal, Duration interval) {
        this.journal = journal;
        this.interval = interval;
    }

    @Override
    public Optional<Saved> latest() {
        return journal.latest().map(state -> new Saved(state.arrays(), state.facts()));
    }

    @Override
    public void save(List<NamedArray> arrays, Map<String, String> facts) {
        journal.save(arrays, facts);
        lastSave = System.nanoTime();
    }

    @Override
    public Request request() {
        if (stopping) {
            return Request.STOP;
        }
        return System.nanoTime() - lastSave >= interval.toNanos() ? Request.SAVE : Request.CONTINUE;
    }

    /** Asks the run to save and end as soon as it can. May be called from any thread. */
    void stop() {
        stopping = true;
    }
}
