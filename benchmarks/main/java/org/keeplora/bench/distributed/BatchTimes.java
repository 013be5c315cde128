package org.keeplora.bench.distributed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.keeplora.train.RunMonitor.Progress;

/** The seconds of a run's batches by pass; the run reports each finished batch. */
final class BatchTimes implements Progress {
    private static final double NANOS = 1e9;

    private final int prompts;
    private final Map<String, List<PassTime.Batch>> passes = new LinkedHashMap<>();
    private List<PassTime.Batch> running = List.of();
    private long since;

    /** @param prompts number of prompts of every batch */
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

    /** The batches of all passes of this name, in order. */
    List<PassTime.Batch> of(String pass) {
        return List.copyOf(passes.get(pass));
    }
}
