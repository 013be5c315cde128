package org.keeplora.learner;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Require;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.method.Growth;

/**
 * KeepLoRA for a network of yours: what to protect, how each task's adapters start, and how protection grows. You keep
 * the network, the loss and the optimiser.
 *
 * <pre>
 *   protectWeights                                    once, before the first task
 *   gradients → begin → attach, train B, merge        for every task
 *   inputs → end                                      after it, over the merged network
 * </pre>
 *
 * <p>A site is one linear map, known by its name. Sums, adapters and growths are computed for all sites together.
 *
 * <p>Threads: its methods may be called by any thread and wait for each other. {@link Gradients} and {@link Inputs}
 * take terms from several threads at once.
 */
public final class ContinualLearner implements AutoCloseable {
    private final BatchLinalg linalg;
    private boolean ownsLinalg;
    private final LearnerSettings settings;
    private final Map<String, Site> sites;
    private final Protection protection;
    private final Map<String, Growth> growths = new LinkedHashMap<>();
    private int task;
    private boolean inTask;
    private final OpenPasses passes = new OpenPasses();
    private boolean closed;

    ContinualLearner(BatchLinalg linalg, LearnerSettings settings, Map<String, Site> sites) {
        this.linalg = linalg;
        this.settings = settings;
        this.sites = Collections.unmodifiableMap(sites);
        this.protection = new Protection(linalg, settings, sites);
    }

    /** This learner, which from now on closes its linear algebra. */
    ContinualLearner owningLinalg() {
        ownsLinalg = true;
        return this;
    }

    /** A learner is made from its sites and settings. */
    public static LearnerBuilder builder() {
        return new LearnerBuilder();
    }

    /**
     * The learner that {@link #save} stored, on the fastest backend of this machine with all its processors. The same
     * bits as without an interruption need the same backend and number of threads: {@link #load(Path, Linalg)}.
     *
     * @throws DamagedFile if the file is not whole, or holds something else
     */
    public static ContinualLearner load(Path file) {
        BatchLinalg linalg =
                BatchLinalg.open(BackendChoice.AUTO, Runtime.getRuntime().availableProcessors());
        try {
            return StoredLearner.load(file, linalg).owningLinalg();
        } catch (RuntimeException | Error e) {
            linalg.close();
            throw e;
        }
    }

    /** As {@link #load(Path)}, computing with {@code linalg}, which stays the caller's. */
    public static ContinualLearner load(Path file, Linalg linalg) {
        return StoredLearner.load(file, BatchLinalg.of(linalg));
    }

    /** All sites by name, in the order in which they were given. */
    public Map<String, Site> sites() {
        return sites;
    }

    /** Number of tasks that have begun. */
    public synchronized int tasks() {
        return task;
    }

    /** Whether a task has begun and not ended. */
    public synchronized boolean inTask() {
        return inTask;
    }

    /** Where {@link SiteAdapter#a} and {@link SiteAdapter#b} lie. */
    public Linalg linalg() {
        return linalg;
    }

    /**
     * Protects the leading directions of the pre-trained weights, before the first task. Without it nothing of them is
     * protected.
     *
     * @param weights W [in x out] of the site with a name
     * @return what is protected of each weight
     * @throws IllegalArgumentException naming the site whose weight is missing or does not fit
     */
    public Map<String, Growth> protectWeights(Function<String, Values> weights) {
        Map<String, Values> given = new LinkedHashMap<>();
        sites.keySet().forEach(name -> given.put(name, weights.apply(name)));
        return protectWeights(given);
    }

    private synchronized Map<String, Growth> protectWeights(Map<String, Values> given) {
        requireOpen("protectWeights");
        requireState(
                task == 0 && protection.isEmpty(),
                "protectWeights: task %d has begun, or something is protected already; weights come first",
                task);
        growths.putAll(protection.ofWeights(given));
        return growths();
    }

    /** The gradients of all sites; those being collected, if a pass has begun. */
    public Gradients gradients() {
        return gradients(sites.keySet());
    }

    /**
     * The gradients of {@code trained}; the other sites get no adapter in this task. Their inputs are protected all the
     * same.
     */
    public synchronized Gradients gradients(Collection<String> trained) {
        requireOpen("gradients");
        Require.that(trained != null, "gradients: the sites are null");
        List<Site> wanted = trained.stream().map(this::site).toList();
        Gradients gradients = passes.gradients(() -> new Gradients(linalg, wanted));
        Require.that(
                gradients.names().equals(wanted.stream().map(Site::name).collect(Collectors.toSet())),
                "gradients: a pass has begun for %s; close it before another for %s",
                gradients.names(),
                trained);
        return gradients;
    }

    private Site site(String name) {
        Site site = sites.get(name);
        Require.that(site != null, "there is no site %s; known are %s", Names.shown(name), sites.keySet());
        return site;
    }

    /**
     * Begins a task: the adapters of all sites of {@code gradients}, which start from the part of the mean gradient
     * outside of what is protected. The gradients are used up: they are closed.
     *
     * @return belongs to the caller
     * @throws IllegalStateException if a task has begun and not ended
     */
    public synchronized TaskAdapters begin(Gradients gradients) {
        requireOpen("begin");
        requireState(!inTask, "begin: task %d has not ended; call end first", task);
        Require.that(passes.isNewest(gradients), "begin: these gradients are not those that gradients() gave last");
        Map<String, SiteAdapter> starts = gradients.alone(() -> protection.starts(gradients, task));
        gradients.close();
        task++;
        inTask = true;
        return passes.put(new TaskAdapters(task, starts));
    }

    /** The adapters of the task that has begun last, if they are not closed; also after {@link #load}. */
    public synchronized Optional<TaskAdapters> adapters() {
        return passes.adapters();
    }

    /** The inputs of all sites, for a pass over a learned task's data; those being collected, if a pass has begun. */
    public synchronized Inputs inputs() {
        requireOpen("inputs");
        return passes.inputs(() -> new Inputs(linalg, sites.values(), settings.inputProducts()));
    }

    /**
     * Ends the task: protection grows until each site's share of the energy of {@code inputs} is protected. It may also
     * be called without a task, for data that the network knew before. The inputs are used up: they are closed. If it
     * fails, nothing has changed.
     *
     * @return how each site's protection grew
     * @throws IllegalArgumentException naming the input that was not added
     */
    public Map<String, Growth> end(Inputs inputs) {
        return end(inputs, Growth.Detail.RANK);
    }

    /** As {@link #end(Inputs)}. With {@link Growth.Detail#SPECTRUM} each growth has its spectrum, but takes longer. */
    public synchronized Map<String, Growth> end(Inputs inputs, Growth.Detail detail) {
        requireOpen("end");
        Require.that(passes.isNewest(inputs), "end: these inputs are not those that inputs() gave last");
        Map<String, Growth> grown = inputs.alone(() -> protection.grow(inputs, detail));
        inputs.close();
        growths.clear();
        growths.putAll(grown);
        inTask = false;
        return growths();
    }

    /** Ends the task without protecting anything of it. */
    public synchronized void end() {
        requireOpen("end");
        growths.clear();
        inTask = false;
    }

    /** How protection last grew, by site; empty after {@link #load}. */
    public synchronized Map<String, Growth> growths() {
        return new LinkedHashMap<>(growths);
    }

    /** Number of protected directions of each site, at most its input width. */
    public synchronized Map<String, Integer> ranks() {
        return protection.ranks();
    }

    /** What is protected of {@code site}: M [in x k] float32, orthonormal columns; the caller closes it. */
    public synchronized Matrix protectedBasis(String site) {
        requireOpen("protectedBasis");
        return protection.basis(site(site).name());
    }

    /** How far the learner is, for a trainer that stores it in its own files; its matrices belong to the learner. */
    public synchronized LearnerState state() {
        requireOpen("state");
        return protection.state(task, inTask);
    }

    /**
     * Continues from {@code state}, to the bit. Its matrices are copied. Open gradients, adapters and inputs are
     * closed. How protection last grew is not restored.
     *
     * @throws IllegalArgumentException naming the site whose matrix is missing, of another width or not orthonormal
     */
    public synchronized void restore(LearnerState state) {
        requireOpen("restore");
        protection.restore(state);
        growths.clear();
        passes.close();
        task = state.tasks();
        inTask = state.inTask();
    }

    /**
     * Stores everything that another process needs to continue: settings, what is protected, and of a task that has not
     * ended the adapters and the sums so far. The file is replaced in one step.
     *
     * @throws java.io.UncheckedIOException if it cannot be written; it is then unchanged
     */
    public synchronized void save(Path file) {
        requireOpen("save");
        Require.that(file != null, "save: the file is null");
        passes.alone(sinks -> LearnerFile.save(file, this, settings, sinks));
    }

    /** Puts stored adapters in place; they belong to the caller who asks for {@link #adapters}. */
    synchronized void continueWith(TaskAdapters stored) {
        passes.put(stored);
    }

    private void requireOpen(String operation) {
        requireState(!closed, operation + ": the learner was used after close");
    }

    private static void requireState(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new IllegalStateException(Require.text(message, values));
        }
    }

    /** Closes the learner, and gradients, adapters and inputs that are still open. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            try (ResourceScope scope = new ResourceScope()) {
                if (ownsLinalg) {
                    scope.keep(linalg);
                }
                scope.keep(protection);
                scope.keep(passes);
            }
        }
    }
}
