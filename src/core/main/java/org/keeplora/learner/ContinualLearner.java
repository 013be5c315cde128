package org.keeplora.learner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Projector;
import org.keeplora.engine.internal.Projector.Part;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.method.Growth;
import org.keeplora.method.internal.LoraFactors;
import org.keeplora.method.internal.LoraStart;
import org.keeplora.method.internal.PrincipalSubspace;
import org.keeplora.method.internal.WeightSubspace;

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
    private final Map<String, PrincipalSubspace> subspaces = new LinkedHashMap<>();
    private final Map<String, Growth> growths = new LinkedHashMap<>();
    private int task;
    private boolean inTask;
    private Gradients gradients;
    private TaskAdapters adapters;
    private Inputs inputs;
    private boolean closed;

    ContinualLearner(BatchLinalg linalg, LearnerSettings settings, Map<String, Site> sites) {
        this.linalg = linalg;
        this.settings = settings;
        this.sites = Collections.unmodifiableMap(sites);
        try {
            sites.forEach((name, site) -> subspaces.put(name, PrincipalSubspace.empty(linalg, site.in())));
        } catch (RuntimeException | Error e) {
            subspaces.values().forEach(PrincipalSubspace::close);
            throw e;
        }
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
                task == 0 && subspaces.values().stream().allMatch(subspace -> subspace.rank() == 0),
                "protectWeights: task %d has begun, or something is protected already; weights come first",
                task);
        Map<String, WeightSubspace> found = new LinkedHashMap<>();
        try (ResourceScope scope = new ResourceScope()) {
            Map<String, Matrix> matrices = new LinkedHashMap<>();
            sites.forEach((name, site) -> matrices.put(name, weight(site, given.get(name), scope)));
            byShare(
                    sites.keySet(),
                    Site::weightEnergy,
                    (names, share) -> WeightSubspace.of(
                            linalg,
                            names.stream().map(matrices::get).toList(),
                            settings.weightBasis(),
                            settings.rankRule(),
                            share),
                    found);
        } catch (RuntimeException | Error e) {
            found.values().forEach(protects -> protects.subspace().close());
            throw e;
        }
        found.forEach((name, protects) -> {
            subspaces.put(name, protects.subspace()).close();
            growths.put(name, protects.growth());
        });
        return growths();
    }

    private Matrix weight(Site site, Values values, ResourceScope scope) {
        Names.that(values != null, "protectWeights: %s: no weight was given", site.name());
        try {
            Matrix weight = values.floats(linalg, site.in(), site.out(), scope);
            linalg.norms(List.of(weight)); // refuses what is not finite
            return weight;
        } catch (IllegalArgumentException e) {
            throw Names.about("protectWeights: " + site.name(), e);
        }
    }

    /** A computation of the sites {@code names}, one result for each, in their order. */
    private interface OfSites<R> {
        List<R> compute(List<String> names, double share);
    }

    /**
     * Computes sites of equal share as one batch and puts each site's result into {@code results}. Only here does the
     * order of a batch stand for the sites.
     */
    private <R> void byShare(
            Collection<String> names, ToDoubleFunction<Site> share, OfSites<R> batch, Map<String, R> results) {
        names.stream()
                .collect(Collectors.groupingBy(
                        name -> share.applyAsDouble(sites.get(name)), LinkedHashMap::new, Collectors.toList()))
                .forEach((each, group) -> {
                    List<R> computed = batch.compute(group, each);
                    for (int i = 0; i < group.size(); i++) {
                        results.put(group.get(i), computed.get(i));
                    }
                });
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
        Names.that(trained != null, "gradients: the sites are null");
        List<Site> wanted = trained.stream().map(this::site).toList();
        if (gradients == null || !gradients.isOpen()) {
            gradients = new Gradients(linalg, wanted);
        }
        Names.that(
                gradients.names().equals(wanted.stream().map(Site::name).collect(Collectors.toSet())),
                "gradients: a pass has begun for %s; close it before another for %s",
                gradients.names(),
                trained);
        return gradients;
    }

    private Site site(String name) {
        Site site = sites.get(name);
        Names.that(site != null, "there is no site %s; known are %s", Names.shown(name), sites.keySet());
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
        Names.that(
                gradients != null && gradients == this.gradients,
                "begin: these gradients are not those that gradients() gave last");
        Map<String, SiteAdapter> starts = gradients.alone(() -> starts(gradients));
        adapters().ifPresent(TaskAdapters::close);
        gradients.close();
        task++;
        inTask = true;
        adapters = new TaskAdapters(task, starts);
        return adapters;
    }

    private Map<String, SiteAdapter> starts(Gradients gradients) {
        Map<String, SiteAdapter> adapters = new LinkedHashMap<>();
        List<String> order = List.copyOf(sites.keySet());
        try (ResourceScope scope = new ResourceScope()) {
            List<LoraStart> starts = new ArrayList<>();
            Map<String, Matrix> means = gradients.means(scope);
            means.forEach((name, mean) ->
                    starts.add(new LoraStart(subspaces.get(name), mean, seed(task, order.indexOf(name)))));
            Iterator<LoraFactors> factors = scope.keep(
                            LoraStart.factors(linalg, starts, settings.rank(), settings.startB()))
                    .iterator();
            means.keySet().forEach(name -> adapters.put(name, adapter(sites.get(name), factors.next())));
            return adapters;
        } catch (RuntimeException | Error e) {
            adapters.values().forEach(SiteAdapter::close);
            throw e;
        }
    }

    private SiteAdapter adapter(Site site, LoraFactors start) {
        return SiteAdapter.copyOf(linalg, site, settings.scale(site), start.a(), start.b(), start.b());
    }

    /** An independent seed for each site of each task. */
    private long seed(int earlierTasks, int site) {
        long ofTask = new SplittableRandom(settings.seed() + earlierTasks).nextLong();
        return new SplittableRandom(ofTask + site).nextLong();
    }

    /** The adapters of the task that has begun last, if they are not closed; also after {@link #load}. */
    public synchronized Optional<TaskAdapters> adapters() {
        return Optional.ofNullable(adapters).filter(TaskAdapters::isOpen);
    }

    /** The inputs of all sites, for a pass over a learned task's data; those being collected, if a pass has begun. */
    public synchronized Inputs inputs() {
        requireOpen("inputs");
        if (inputs == null || !inputs.isOpen()) {
            inputs = new Inputs(linalg, sites.values());
        }
        return inputs;
    }

    /**
     * Ends the task: protection grows until each site's share of the energy of {@code inputs} is protected. It may also
     * be called without a task, for data that the network knew before. The inputs are used up: they are closed. If it
     * fails, nothing has changed.
     *
     * @return how each site's protection grew
     * @throws IllegalArgumentException naming the input that was not added
     */
    public synchronized Map<String, Growth> end(Inputs inputs) {
        requireOpen("end");
        Names.that(inputs != null && inputs == this.inputs, "end: these inputs are not those that inputs() gave last");
        Map<String, Growth> grown = inputs.alone(() -> grow(inputs));
        inputs.close();
        growths.clear();
        growths.putAll(grown);
        inTask = false;
        return growths();
    }

    private Map<String, Growth> grow(Inputs inputs) {
        List<String> growing = sites.values().stream()
                .filter(site -> site.featureEnergy() > 0)
                .map(Site::name)
                .toList();
        List<PrincipalSubspace.Extension> extensions = growing.stream()
                .map(name -> new PrincipalSubspace.Extension(
                        subspaces.get(name), inputs.moment(sites.get(name).input())))
                .toList();
        List<Growth> inOrder = PrincipalSubspace.extend(
                linalg, extensions, i -> sites.get(growing.get(i)).featureEnergy());
        Map<String, Growth> grown = new LinkedHashMap<>();
        growing.forEach(name -> grown.put(name, inOrder.get(grown.size())));
        return grown;
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
        Map<String, Integer> ranks = new LinkedHashMap<>();
        subspaces.forEach((name, subspace) -> ranks.put(name, subspace.rank()));
        return ranks;
    }

    /** What is protected of {@code site}: M [in x k] float32, orthonormal columns; the caller closes it. */
    public synchronized Matrix protectedBasis(String site) {
        requireOpen("protectedBasis");
        return subspaces.get(site(site).name()).basis(linalg);
    }

    /** How far the learner is, for a trainer that stores it in its own files; its matrices belong to the learner. */
    public synchronized LearnerState state() {
        requireOpen("state");
        Map<String, Matrix> protectedBases = new LinkedHashMap<>();
        Map<String, Matrix> freeBases = new LinkedHashMap<>();
        subspaces.forEach((name, subspace) -> {
            Projector projector = subspace.projector();
            (projector.kept() == Part.OUTSIDE_SPAN ? protectedBases : freeBases).put(name, projector.basis());
        });
        return new LearnerState(task, inTask, protectedBases, freeBases);
    }

    /**
     * Continues from {@code state}, to the bit. Its matrices are copied. Open gradients, adapters and inputs are closed.
     * How protection last grew is not restored.
     *
     * @throws IllegalArgumentException naming the site whose matrix is missing, of another width or not orthonormal
     */
    public synchronized void restore(LearnerState state) {
        requireOpen("restore");
        state.requireSites(sites.keySet());
        Map<String, PrincipalSubspace> restored = new LinkedHashMap<>();
        try {
            sites.forEach((name, site) -> restored.put(name, state.subspace(linalg, site)));
        } catch (RuntimeException | Error e) {
            restored.values().forEach(PrincipalSubspace::close);
            throw e;
        }
        subspaces.values().forEach(PrincipalSubspace::close);
        subspaces.putAll(restored);
        growths.clear();
        closePasses();
        task = state.tasks();
        inTask = state.inTask();
    }

    /** Closes gradients, adapters and inputs that are open. */
    private void closePasses() {
        try (ResourceScope scope = new ResourceScope()) {
            Stream.of(gradients, adapters, inputs).filter(Objects::nonNull).forEach(scope::keep);
        }
    }

    /**
     * Stores everything that another process needs to continue: settings, what is protected, and of a task that has not
     * ended the adapters and the sums so far. The file is replaced in one step.
     *
     * @throws java.io.UncheckedIOException if it cannot be written; it is then unchanged
     */
    public synchronized void save(Path file) {
        requireOpen("save");
        Names.that(file != null, "save: the file is null");
        withoutAdding(List.copyOf(openSinks().values()), () -> LearnerFile.save(file, this, settings));
    }

    /** Runs {@code reading} while nobody adds to {@code sinks}. */
    private static void withoutAdding(List<ArraySink> sinks, Runnable reading) {
        if (sinks.isEmpty()) {
            reading.run();
        } else {
            sinks.get(0).alone(() -> {
                withoutAdding(sinks.subList(1, sinks.size()), reading);
                return null;
            });
        }
    }

    /** Gradients and inputs that are open, by their kind. */
    synchronized Map<String, ArraySink> openSinks() {
        Map<String, ArraySink> open = new LinkedHashMap<>();
        if (gradients != null && gradients.isOpen()) {
            open.put(LearnerFile.GRADIENT, gradients);
        }
        if (inputs != null && inputs.isOpen()) {
            open.put(LearnerFile.MOMENT, inputs);
        }
        return open;
    }

    /** Puts stored adapters in place; they belong to the caller who asks for {@link #adapters}. */
    synchronized void continueWith(TaskAdapters stored) {
        adapters = stored;
    }

    private void requireOpen(String operation) {
        requireState(!closed, operation + ": the learner was used after close");
    }

    private static void requireState(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new IllegalStateException(Names.text(message, values));
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
                subspaces.values().forEach(scope::keep);
                closePasses();
            }
        }
    }
}
