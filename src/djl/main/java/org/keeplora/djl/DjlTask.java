package org.keeplora.djl;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.keeplora.learner.SiteAdapter;
import org.keeplora.learner.TaskAdapters;

/**
 * A task whose adapters are attached. While it is open, a trainer of the block trains each B and nothing else. Closing
 * it without {@link #merge} takes the adapters away and leaves every weight as it was before the task.
 */
public final class DjlTask implements AutoCloseable {
    private final LinearSites sites;
    private final TaskAdapters adapters;
    private final Map<String, LinearAdapter> attached = new LinkedHashMap<>();
    private Frozen others;
    private boolean closed;

    private DjlTask(LinearSites sites, TaskAdapters adapters) {
        this.sites = sites;
        this.adapters = adapters;
    }

    /** Attaches {@code adapters}, which are closed with the task, or if it fails. */
    static DjlTask attach(Block block, LinearSites sites, TaskAdapters adapters) {
        DjlTask task = new DjlTask(sites, adapters);
        try {
            adapters.forEach(task::attach);
            if (task.attached.isEmpty()) {
                throw new IllegalStateException("begin: all directions of every site are protected; nothing can be"
                        + " trained; smaller shares of energy leave room");
            }
            Set<Parameter> trained =
                    task.attached.values().stream().map(LinearAdapter::b).collect(Collectors.toSet());
            task.others = Frozen.allBut(block, trained::contains);
            return task;
        } catch (RuntimeException | Error e) {
            task.close();
            throw e;
        }
    }

    /** A site without a free direction has an adapter of rank 0; its weight is only frozen. */
    private void attach(SiteAdapter start) {
        String site = start.site().name();
        if (start.rank() > 0) {
            LinearAdapter adapter = LinearAdapter.of(start, sites.weight(site).getManager());
            sites.of(site).attach(adapter);
            attached.put(site, adapter);
        }
    }

    /** The learner's adapters; their B is the trained one after {@link #merge}, as {@code writePeft} wants it. */
    public TaskAdapters adapters() {
        return adapters;
    }

    boolean isAttached() {
        return !attached.isEmpty();
    }

    boolean isMergedAndOpen() {
        return !isAttached() && !closed;
    }

    /** Gives every trained B to {@link #adapters}. */
    void synchronise() {
        attached.values().forEach(LinearAdapter::synchronise);
    }

    /**
     * W ← W + s·(A·(B − B_start))ᵀ of every site; the adapters are then gone from the block.
     *
     * @throws IllegalArgumentException naming the site whose B is not finite; no weight is then changed
     * @throws IllegalStateException if it was merged or closed before
     */
    public void merge() {
        if (!isAttached()) {
            throw new IllegalStateException("DjlTask.merge: task " + adapters.task() + " was merged or closed before");
        }
        synchronise();
        attached.keySet().forEach(site -> sites.of(site).merge());
        detach();
    }

    private void detach() {
        attached.keySet().forEach(site -> sites.of(site).detach());
        attached.clear();
        if (others != null) {
            others.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        detach();
        adapters.close();
    }
}
