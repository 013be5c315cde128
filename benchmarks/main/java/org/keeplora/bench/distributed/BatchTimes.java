package org.keeplora.bench.distributed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.keeplora.train.RunMonitor.Progress;

/** A run's batches with their seconds, by pass; told by the run itself, which says when a batch is done. */
final class BatchTimes implements Progress {
    private static final double NANOS = 1e9;

    private final int prompts;
    private final Map<String, List<PassTime.Batch>> passes = new LinkedHashMap<>();
    private List<PassTime.Batch> running = List.of();
    private long since;

    /** @param prompts of every batch */
    BatchTimes(int prompts) {
        this.prompts = prompts;
    }

    @Override
    public void begin(String pass, long images) {
        running = passes.computeIfAbsent(pass, unused -> new ArrayList<>());
        since = System.nanoTime();
    }

    @Override
    public void advance(long images) {
        long now = System.nanoTime();
        if (images > 0) {
            running.add(new PassTime.Batch(Math.toIntExact(images), prompts, (now - since) / NANOS));
        }
        since = now;
    }

    @Override
    public void end() {
        running = List.of();
    }

    /** Batches of all passes of this name, in their order. */
    List<PassTime.Batch> of(String pass) {
        return List.copyOf(passes.get(pass));
    }
}
