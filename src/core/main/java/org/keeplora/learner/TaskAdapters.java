package org.keeplora.learner;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.keeplora.engine.internal.Require;

/**
 * The adapters of one task, by site. Attach them, train each B, merge them; the caller closes this afterwards. One
 * thread at a time.
 */
public final class TaskAdapters implements AutoCloseable, Iterable<SiteAdapter> {
    private final int task;
    private final Map<String, SiteAdapter> bySite;
    private boolean closed;

    TaskAdapters(int task, Map<String, SiteAdapter> bySite) {
        this.task = task;
        this.bySite = bySite;
    }

    /** Number of the task, counted from 1. */
    public int task() {
        return task;
    }

    /** The adapter of {@code site}. */
    public SiteAdapter of(String site) {
        SiteAdapter adapter = bySite.get(site);
        Require.that(adapter != null, "task %d has no adapter of \"%s\"; it has %s", task, site, bySite.keySet());
        return adapter;
    }

    /** In the order of the sites. */
    @Override
    public Iterator<SiteAdapter> iterator() {
        return Collections.unmodifiableCollection(bySite.values()).iterator();
    }

    /**
     * Writes the task's change, s·A·(B − B_start) of every site, as a LoRA adapter of Hugging Face PEFT: {@code
     * adapter_config.json} and {@code adapter_model.safetensors}. Call it after training.
     *
     * @param folder is made if it does not exist
     * @param module the module's name in the model that PEFT loads, for the name of a site
     */
    public void writePeft(Path folder, UnaryOperator<String> module) {
        PeftFolder.write(folder, this, module);
    }

    boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        closed = true;
        bySite.values().forEach(SiteAdapter::close);
    }
}
