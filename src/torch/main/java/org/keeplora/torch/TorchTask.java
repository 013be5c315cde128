package org.keeplora.torch;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.TensorVector;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.learner.SiteAdapter;
import org.keeplora.learner.TaskAdapters;
import org.keeplora.learner.Values;

/**
 * One task's adapters, attached to their layers: train {@link #parameters}, then {@link #merge}. Closing it without
 * merging removes the adapters and what they have learned. One thread at a time.
 */
public final class TorchTask implements AutoCloseable {
    private final TaskAdapters adapters;
    private final Linalg linalg;
    private final Map<String, KeepLoraLinear> attached = new LinkedHashMap<>();
    private boolean merged;
    private boolean closed;

    /** Attaches {@code adapters}, which belong to this object from now on. */
    TorchTask(TaskAdapters adapters, Map<String, KeepLoraLinear> layers, Linalg linalg) {
        this.adapters = adapters;
        this.linalg = linalg;
        try (PointerScope tensors = new PointerScope()) {
            for (SiteAdapter adapter : adapters) {
                if (adapter.rank() > 0) {
                    KeepLoraLinear layer = layers.get(adapter.site().name());
                    attached.put(adapter.site().name(), layer);
                    layer.attach(
                            TorchMatrix.copyOf(adapter.a()),
                            TorchMatrix.copyOf(adapter.startB()),
                            TorchMatrix.copyOf(adapter.b()),
                            adapter.scale());
                }
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Number of the task, counted from 1. */
    public int task() {
        return adapters.task();
    }

    /**
     * B [r x out] of every layer, live, for an optimiser: float64 beside a weight of float64, otherwise float32. A
     * layer that is fully protected has none.
     */
    public TensorVector parameters() {
        requireAttached("parameters");
        TensorVector parameters = new TensorVector();
        attached.values().forEach(layer -> parameters.push_back(layer.b()));
        return parameters;
    }

    /**
     * Ends training: adds every adapter's change to its weight and removes the adapter. An untrained adapter changes no
     * bit.
     *
     * @throws IllegalArgumentException naming the layer whose B is not finite; nothing is merged then
     */
    public void merge() {
        requireAttached("merge");
        update();
        attached.values().forEach(KeepLoraLinear::merge);
        merged = true;
    }

    /** Gives the trained B to the learner's adapters. */
    void update() {
        attached.forEach((name, layer) -> {
            try (PointerScope tensors = new PointerScope();
                    ResourceScope scope = new ResourceScope()) {
                adapters.of(name)
                        .trained(Values.of(
                                scope.keep(TorchMatrix.view(layer.b().detach().contiguous(), linalg))));
            }
        });
    }

    /** Writes the change of the weights by this task as an adapter of Hugging Face PEFT, before or after merging. */
    public void writePeft(Path folder) {
        writePeft(folder, layer -> layer);
    }

    /**
     * As {@link #writePeft(Path)}, for a model with other names.
     *
     * @param module the module's name in the model that PEFT loads, for the name of a layer
     */
    public void writePeft(Path folder, UnaryOperator<String> module) {
        if (isAttached()) {
            update();
        }
        adapters.writePeft(folder, module);
    }

    private void requireAttached(String operation) {
        if (!isAttached()) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "%s: the adapters of task %d are %s; it must be called before",
                    operation,
                    task(),
                    closed ? "closed" : "merged"));
        }
    }

    boolean isAttached() {
        return !merged && !closed;
    }

    boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            attached.values().forEach(KeepLoraLinear::detach);
            adapters.close();
        }
    }
}
