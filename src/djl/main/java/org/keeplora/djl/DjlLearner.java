package org.keeplora.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.keeplora.engine.internal.Require;
import org.keeplora.learner.ContinualLearner;
import org.keeplora.learner.Gradients;
import org.keeplora.learner.Inputs;
import org.keeplora.learner.LearnerBuilder;
import org.keeplora.learner.Site;
import org.keeplora.learner.TaskAdapters;
import org.keeplora.method.Growth;

/**
 * KeepLoRA for a DJL model whose linear maps are {@link KeepLoraLinear}. Model, loss, optimiser and data are yours.
 *
 * <pre>{@code
 * try (DjlLearner learner = DjlLearner.of(block, ContinualLearner.builder().rank(16).featureEnergy(0.99))) {
 *     learner.protectWeights();
 *     for (Dataset data : tasks) {
 *         try (Trainer trainer = model.newTrainer(config());
 *                 DjlTask task = learner.begin(trainer, data)) {  // a pass for the gradients; adapters attached
 *             EasyTrain.fit(trainer, epochs, data, null);         // trains each B and nothing else
 *             task.merge();
 *             learner.end(trainer, data);                         // a pass for the inputs; protection grows
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>A trainer computes on one device. The memory of an optimiser and of a trainer grows by each task's B until the
 * trainer is closed; take new ones for each task. What a block computes beside its parameters, as the running mean of
 * {@code BatchNorm}, is neither protected nor frozen.
 *
 * <p>One thread at a time.
 */
public final class DjlLearner implements AutoCloseable {
    private final Block block;
    private final LinearSites sites;
    private final ContinualLearner learner;
    /** The newest task, or null before the first. */
    private DjlTask task;

    private DjlLearner(Block block, LinearSites sites, ContinualLearner learner) {
        this.block = block;
        this.sites = sites;
        this.learner = learner;
    }

    /**
     * A learner of all {@link KeepLoraLinear} of {@code block}. Each is a site named as in {@link Block#getParameters},
     * without "_weight".
     *
     * @param block initialised, the one that the trainers train
     * @param settings gets the sites and is built
     * @return closes neither block nor arrays; the caller closes it
     * @throws IllegalArgumentException naming the site that is not initialised or not float32
     */
    public static DjlLearner of(Block block, LearnerBuilder settings) {
        return of(block, settings, site -> site);
    }

    /** As {@link #of(Block, LearnerBuilder)}, with settings of its own for each site. */
    public static DjlLearner of(Block block, LearnerBuilder settings, UnaryOperator<Site> each) {
        LinearSites sites = new LinearSites(block);
        sites.addTo(settings, each);
        return new DjlLearner(block, sites, settings.build());
    }

    /**
     * The learner that {@link #save} stored. The caller has loaded the block's parameters, which DJL stores. A task
     * that had not ended goes on with {@link #resume}.
     *
     * @throws IllegalArgumentException naming the site that differs between file and block
     */
    public static DjlLearner load(Path file, Block block) {
        LinearSites sites = new LinearSites(block);
        ContinualLearner learner = ContinualLearner.load(file);
        try {
            sites.requireSame(learner.sites());
            return new DjlLearner(block, sites, learner);
        } catch (RuntimeException | Error e) {
            learner.close();
            throw e;
        }
    }

    /** The learner behind this one, with ranks, growths and settings. It belongs to this object. */
    public ContinualLearner learner() {
        return learner;
    }

    /** Protects the leading directions of every site's weight, before the first task. */
    public Map<String, Growth> protectWeights() {
        try (NDManager scratch = sites.scratch()) {
            return learner.protectWeights(
                    site -> DjlMatrix.values(sites.weight(site), scratch).transposed());
        }
    }

    /**
     * Begins a task: a pass over {@code data} for the mean gradients of the trainer's loss, then the adapters are
     * attached, which changes no output. Until the task is merged or closed only they are trained.
     *
     * @return belongs to the caller
     * @throws IllegalStateException if a task has not ended
     * @throws IllegalArgumentException naming the site whose gradient is not finite; nothing is then attached
     */
    public DjlTask begin(Trainer trainer, Dataset data) throws IOException, TranslateException {
        requireReady("begin", trainer);
        if (learner.state().inTask()) {
            throw new IllegalStateException("begin: task " + learner.tasks() + " has not ended; call end first");
        }
        try (Gradients gradients = learner.gradients()) {
            new TrainerPass(trainer, data, sites).add(gradients);
            return attach(learner.begin(gradients));
        }
    }

    private DjlTask attach(TaskAdapters adapters) {
        try {
            task = DjlTask.attach(block, sites, adapters);
            return task;
        } catch (RuntimeException | Error e) {
            learner.end();
            throw e;
        }
    }

    /**
     * The task that had not ended when the learner was stored, attached as it was then; empty if there is none. The
     * block's weights must be those of the task's beginning, which DJL stores during a task.
     */
    public Optional<DjlTask> resume() {
        requireDetached("resume");
        return learner.adapters().map(this::attach);
    }

    /**
     * Ends the task: a pass over {@code data} for what every site reads, then protection grows. It may also be called
     * without a task, for data that the model knew before.
     *
     * @return how each site's protection grew
     * @throws IllegalStateException if the adapters are attached
     * @throws IllegalArgumentException naming the site whose input is not finite
     */
    public Map<String, Growth> end(Trainer trainer, Dataset data) throws IOException, TranslateException {
        requireReady("end", trainer);
        List<Site> growing = learner.sites().values().stream()
                .filter(site -> site.featureEnergy() > 0)
                .toList();
        try (Inputs inputs = learner.inputs()) {
            new TrainerPass(trainer, data, sites).add(inputs, growing);
            return learner.end(inputs);
        }
    }

    /** Ends the task without protecting anything of it, as after a training that failed. */
    public void end() {
        requireDetached("end");
        learner.end();
    }

    /**
     * Stores what another process needs to continue, also the adapters of a task that is attached as they are trained
     * so far. The block's parameters are stored by DJL.
     *
     * @throws IllegalStateException if a task is merged and not closed, as its adapters would be stored as attached
     */
    public void save(Path file) {
        if (task != null && task.isMergedAndOpen()) {
            throw new IllegalStateException("save: task " + learner.tasks() + " is merged; close it first");
        }
        if (task != null) {
            task.synchronise();
        }
        learner.save(file);
    }

    private void requireReady(String operation, Trainer trainer) {
        requireDetached(operation);
        Require.that(
                trainer.getModel().getBlock() == block,
                operation + ": the trainer trains another block than the one of this learner");
        Device[] devices = trainer.getDevices();
        Device device = sites.weight(sites.byName().keySet().iterator().next()).getDevice();
        Require.that(
                devices.length == 1 && devices[0].equals(device),
                operation + ": the trainer computes on " + Arrays.toString(devices)
                        + "; it must compute on one device, that of the weights, " + device);
    }

    private void requireDetached(String operation) {
        if (task != null && task.isAttached()) {
            throw new IllegalStateException(
                    operation + ": task " + learner.tasks() + " is attached; merge or close it first");
        }
    }

    /** Closes the learner, and a task that is still open. */
    @Override
    public void close() {
        if (task != null) {
            task.close();
        }
        learner.close();
    }
}
