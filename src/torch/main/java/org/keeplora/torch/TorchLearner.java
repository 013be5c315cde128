package org.keeplora.torch;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.internal.Require;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.learner.ContinualLearner;
import org.keeplora.learner.Gradients;
import org.keeplora.learner.Inputs;
import org.keeplora.learner.LearnerBuilder;
import org.keeplora.learner.Site;
import org.keeplora.learner.TaskAdapters;
import org.keeplora.method.Growth;

/**
 * KeepLoRA for a module of yours whose {@link KeepLoraLinear} it finds by their registered names. You write the loss
 * and the optimiser.
 *
 * <pre>{@code
 * try (TorchLearner learner = TorchLearner.of(model, settings -> settings.rank(16))) {
 *     learner.protectWeights();
 *     for (Task task : tasks) {
 *         try (TorchTask adapters = learner.begin(task.batches(), batch -> loss(model, batch))) {
 *             train(model, task, new Adam(adapters.parameters()));
 *             adapters.merge();
 *         }
 *         learner.end(task.batches(), batch -> model.forward(batch.x()));
 *         learner.save(file);
 *     }
 * }
 * }</pre>
 *
 * <p>A pass draws and uses each batch in a PointerScope of its own. What shall live longer is kept with
 * {@link Tensors#keep}.
 *
 * <p>It computes on the GPU if the layers lie there, on libtorch's current stream. One thread at a time. The caller
 * closes it; module and layers stay the caller's.
 */
public final class TorchLearner implements AutoCloseable {
    private final KeepLoraLayers layers;
    private final ResourceScope owned;
    private final ContinualLearner learner;
    private TorchTask task;

    private TorchLearner(KeepLoraLayers layers, Function<ResourceScope, ContinualLearner> open) {
        this.layers = layers;
        owned = new ResourceScope();
        try {
            learner = owned.keep(open.apply(owned));
            learner.sites().values().forEach(this::requireFit);
            task = learner.adapters().map(this::attached).orElse(null);
        } catch (RuntimeException | Error e) {
            owned.close();
            throw e;
        }
    }

    /** A learner of all layers of {@code module}, with its settings, such as {@code its -> its.rank(8)}. */
    public static TorchLearner of(Module module, UnaryOperator<LearnerBuilder> settings) {
        return of(KeepLoraLayers.of(module), settings);
    }

    /** A learner of chosen layers. */
    public static TorchLearner of(KeepLoraLayers layers, UnaryOperator<LearnerBuilder> settings) {
        return new TorchLearner(layers, owned -> {
            LearnerBuilder builder = ContinualLearner.builder();
            onGpu(layers, owned).ifPresent(builder::linalg);
            layers.byName()
                    .forEach((name, layer) -> builder.site(name, layer.in(), layer.out(), layers.settings(name)));
            return settings.apply(builder).build();
        });
    }

    /**
     * The learner that {@link #save} stored, for a module whose weights are those at that moment. If it was stored
     * within a task, {@link #task} has its adapters, attached.
     *
     * @throws org.keeplora.learner.DamagedFile if the file is not whole, or holds something else
     * @throws IllegalArgumentException naming a layer of the file that the module does not have in that size
     */
    public static TorchLearner load(Path file, Module module) {
        KeepLoraLayers layers = KeepLoraLayers.of(module);
        return new TorchLearner(layers, owned -> onGpu(layers, owned)
                .map(linalg -> ContinualLearner.load(file, linalg))
                .orElseGet(() -> ContinualLearner.load(file)));
    }

    /** Linear algebra where the layers are, if they are on the GPU. */
    private static Optional<Linalg> onGpu(KeepLoraLayers layers, ResourceScope owned) {
        boolean gpu = layers.byName().values().stream()
                .allMatch(layer -> layer.weight().is_cuda());
        return gpu
                ? Optional.of(owned.keep(Linalg.open(
                        BackendChoice.AUTO, Runtime.getRuntime().availableProcessors(), TorchDevice.stream())))
                : Optional.empty();
    }

    private void requireFit(Site site) {
        KeepLoraLinear layer = layers.byName().get(site.name());
        Require.that(
                layer != null && layer.in() == site.in() && layer.out() == site.out(),
                "load: %s maps %d to %d in the file, but in the module it %s",
                site.name(),
                site.in(),
                site.out(),
                layer == null ? "is no KeepLoraLinear" : "maps " + layer.in() + " to " + layer.out());
    }

    private TorchTask attached(TaskAdapters adapters) {
        return new TorchTask(adapters, layers.byName(), learner.linalg());
    }

    /** What the learner knows of the layers, its sites; for figures, not for tasks. */
    public ContinualLearner learner() {
        return learner;
    }

    /** Protects the leading directions of the layers' weights as they are, before the first task. */
    public Map<String, Growth> protectWeights() {
        try (PointerScope tensors = new PointerScope();
                ResourceScope scope = new ResourceScope()) {
            return learner.protectWeights(
                    name -> TorchValues.ofWeight(layers.byName().get(name).weight(), learner.linalg(), scope));
        }
    }

    /**
     * Begins a task: collects the gradients of the layers' weights over {@code batches}, and attaches the adapters that
     * start from them. Train {@link TorchTask#parameters}. {@code grad} of all parameters is as before, and so is
     * {@code requires_grad}, but that of the weights with an adapter is false until the task is merged or closed.
     *
     * @param loss of one batch, one number; its forward pass calls the layers
     * @return belongs to the caller
     * @throws IllegalArgumentException naming the layer without a gradient, or the batch whose loss is none
     */
    public <B> TorchTask begin(Iterable<B> batches, Function<? super B, Tensor> loss) {
        return begin(learner.sites().keySet(), batches, loss);
    }

    /** As {@link #begin(Iterable, Function)}, with adapters for the layers {@code trained} only. */
    public <B> TorchTask begin(Collection<String> trained, Iterable<B> batches, Function<? super B, Tensor> loss) {
        try (Gradients gradients = learner.gradients(trained)) {
            try (PointerScope tensors = new PointerScope();
                    GradientPass pass = new GradientPass(layers.only("begin", trained), learner.linalg(), gradients)) {
                Batches.forEach(batches, (number, batch) -> pass.add(number, loss.apply(batch)));
            }
            TaskAdapters adapters = learner.begin(gradients);
            try {
                task = attached(adapters);
                return task;
            } catch (RuntimeException | Error e) {
                learner.end();
                throw e;
            }
        }
    }

    /** The task that has begun, if it is not closed; after {@link #load}, the stored one. */
    public Optional<TorchTask> task() {
        return Optional.ofNullable(task).filter(TorchTask::isOpen);
    }

    /**
     * Ends the task: what the layers read in a pass of the merged network over {@code batches} is protected from now
     * on. No gradient is recorded.
     *
     * @param forward calls the layers with one batch; what it returns is not used
     * @return how each layer's protection grew
     * @throws IllegalArgumentException naming the input that no layer read
     */
    public <B> Map<String, Growth> end(Iterable<B> batches, Consumer<? super B> forward) {
        requireMerged("end");
        try (Inputs inputs = learner.inputs()) {
            try (PointerScope tensors = new PointerScope();
                    InputPass pass = new InputPass(adaptedLayers(), learner, inputs)) {
                Batches.forEach(batches, (number, batch) -> {
                    pass.nextBatch();
                    forward.accept(batch);
                });
            }
            return learner.end(inputs);
        }
    }

    private Map<String, KeepLoraLinear> adaptedLayers() {
        return layers.only("end", learner.sites().keySet()).byName();
    }

    /** Ends the task without protecting anything of it, as after a failure. */
    public void end() {
        requireMerged("end");
        learner.end();
    }

    private void requireMerged(String operation) {
        task().filter(TorchTask::isAttached).ifPresent(attached -> {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "%s: the adapters of task %d are attached; merge or close them first",
                    operation,
                    attached.task()));
        });
    }

    /**
     * Stores everything but the module's weights: settings, what is protected, and within a task its adapters as they
     * are now. The file is replaced in one step.
     *
     * @throws IllegalStateException between {@link TorchTask#merge} and its closing
     */
    public void save(Path file) {
        task().ifPresent(open -> {
            if (!open.isAttached()) {
                throw new IllegalStateException(String.format(
                        Locale.ROOT, "save: task %d is merged but not closed; close it first", open.task()));
            }
            open.update();
        });
        learner.save(file);
    }

    /** Closes the learner, and the task if it is open. */
    @Override
    public void close() {
        task().ifPresent(TorchTask::close);
        owned.close();
    }
}
