package org.keeplora.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.clip.SiteInput;
import org.keeplora.clip.Tower;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.learner.ContinualLearner;
import org.keeplora.learner.Gradients;
import org.keeplora.learner.Inputs;
import org.keeplora.learner.LearnerBuilder;
import org.keeplora.learner.LearnerState;
import org.keeplora.learner.SiteAdapter;
import org.keeplora.learner.TaskAdapters;
import org.keeplora.learner.Values;
import org.keeplora.method.Growth;
import org.keeplora.store.ArraySource;
import org.keeplora.store.BadFile;
import org.keeplora.store.NamedArray;
import org.keeplora.torch.Adapter;
import org.keeplora.torch.TorchMatrix;

/** A {@link ContinualLearner} over the sites of a CLIP. */
final class ClipLearner implements AutoCloseable {
    private static final String PROTECTED = "protected/";
    private static final String FREE = "free/";
    /** Number of tasks that have begun, and 1 if the last has not ended. */
    private static final String TASKS = "learner/tasks";

    private final ClipModel model;
    private final Linalg linalg;
    private final ContinualLearner learner;
    private final Map<String, Site> byName = new LinkedHashMap<>();

    /** With the run's shares; query, key and value of a block have one input. */
    ClipLearner(ClipModel model, Linalg linalg, RunSettings settings) {
        this(model, linalg, settings, settings.method().protection().features(), site -> site.input()
                .toString());
    }

    /**
     * @param featureEnergy ε_f of all sites
     * @param input name of what a site reads
     */
    ClipLearner(
            ClipModel model, Linalg linalg, RunSettings settings, double featureEnergy, Function<Site, String> input) {
        this.model = model;
        this.linalg = linalg;
        MethodSettings method = settings.method();
        LearnerBuilder builder = ContinualLearner.builder()
                .linalg(linalg)
                .rank(method.rank())
                .alpha(method.alpha())
                .seed(settings.seed(RunSettings.Purpose.LORA_START))
                .switches(method.switches())
                .featureEnergy(featureEnergy);
        int blocks = model.architecture().tower(Tower.VISION).blocks();
        for (Site site : model.sites()) {
            byName.put(site.toString(), site);
            double scale = site.tower() == Tower.VISION
                    ? method.switches().layerScale().ofVisionBlock(site.block(), blocks)
                    : 1;
            builder.site(
                    site.toString(),
                    model.inputWidth(site),
                    (int) model.weight(site).size(0),
                    its -> its.withInput(input.apply(site))
                            .withWeightEnergy(method.protection().weights(site.tower()))
                            .withScaleFactor(scale));
        }
        this.learner = builder.build();
    }

    /** Protects the pre-trained weights. */
    void protectWeights() {
        try (PointerScope tensors = new PointerScope();
                NoGradGuard guard = new NoGradGuard();
                ResourceScope scope = new ResourceScope()) {
            learner.protectWeights(name -> Values.of(scope.keep(
                            TorchMatrix.view(model.weight(byName.get(name)).contiguous(), linalg)))
                    .transposed());
        }
    }

    /**
     * Begins a task with adapters that start from {@code gradients}, in the caller's scope of tensors.
     *
     * @param gradients G [in x out] of every site; closed
     */
    Map<Site, Adapter> begin(Map<Site, Matrix> gradients) {
        try (ResourceScope scope = new ResourceScope();
                Gradients means = learner.gradients()) {
            gradients.values().forEach(scope::keep);
            gradients.forEach((site, gradient) -> means.add(site.toString(), gradient));
            try (TaskAdapters starts = learner.begin(means)) {
                Map<Site, Adapter> adapters = new LinkedHashMap<>();
                for (SiteAdapter start : starts) {
                    adapters.put(
                            byName.get(start.site().name()),
                            new Adapter(
                                    TorchMatrix.copyOf(start.a()),
                                    TorchMatrix.copyOf(start.b()),
                                    start.scale(),
                                    Adapter.Trained.B));
                }
                return adapters;
            }
        }
    }

    /**
     * Ends the task: its inputs are protected.
     *
     * @param moments C [in x in] float64 of every input; closed
     */
    void end(Map<SiteInput, Matrix> moments) {
        try (ResourceScope scope = new ResourceScope();
                Inputs inputs = learner.inputs()) {
            moments.values().forEach(scope::keep);
            moments.forEach((input, moment) -> inputs.take(input.toString(), moment));
            end(inputs);
        }
    }

    /** Ends the task without protecting anything of it. */
    void end() {
        learner.end();
    }

    /** Sums of what the sites read, to be given to {@link #end(Inputs)}; the caller closes them. */
    Inputs inputs() {
        return learner.inputs();
    }

    /** Ends the task: {@code inputs} are protected. */
    void end(Inputs inputs) {
        learner.end(inputs, Growth.Detail.SPECTRUM);
    }

    /** What is protected of {@code site}: M [in x k] float32; the caller closes it. */
    Matrix protectedBasis(Site site) {
        return learner.protectedBasis(site.toString());
    }

    /** Protected directions of every site. */
    Map<Site, Integer> ranks() {
        return bySite(learner.ranks());
    }

    /** How protection of every site last grew; empty if that is not known. */
    Map<Site, Growth> growths() {
        return bySite(learner.growths());
    }

    private <T> Map<Site, T> bySite(Map<String, T> values) {
        Map<Site, T> bySite = new LinkedHashMap<>();
        values.forEach((name, value) -> bySite.put(byName.get(name), value));
        return bySite;
    }

    /**
     * For every site the narrower of two orthonormal bases, float32: {@code protected/SITE} M [in x k] or
     * {@code free/SITE} Q [in x (in−k)]; and how many tasks have begun.
     */
    List<NamedArray> state() {
        LearnerState state = learner.state();
        List<NamedArray> arrays = new ArrayList<>();
        byName.keySet().forEach(name -> {
            Matrix free = state.freeBases().get(name);
            arrays.add(
                    free == null
                            ? array(PROTECTED + name, state.protectedBases().get(name))
                            : array(FREE + name, free));
        });
        arrays.add(NamedArray.of(TASKS, new long[] {2}, new long[] {state.tasks(), state.inTask() ? 1 : 0}));
        return arrays;
    }

    private static NamedArray array(String name, Matrix basis) {
        return NamedArray.of(name, new long[] {basis.rows(), basis.cols()}, basis.toFloats());
    }

    /**
     * Restores what {@link #state} returned. How protection grew is not restored.
     *
     * @throws BadFile if something is missing or cannot be used
     */
    void restore(ArraySource stored) {
        try (ResourceScope scope = new ResourceScope()) {
            Map<String, Matrix> protectedBases = new HashMap<>();
            Map<String, Matrix> freeBases = new HashMap<>();
            byName.keySet().forEach(name -> {
                boolean isFree = stored.names().contains(FREE + name);
                Matrix basis = scope.keep(basis(stored, (isFree ? FREE : PROTECTED) + name));
                (isFree ? freeBases : protectedBases).put(name, basis);
            });
            long[] tasks = Checkpoints.array(stored, TASKS).toLongs();
            learner.restore(new LearnerState((int) tasks[0], tasks[1] == 1, protectedBases, freeBases));
        } catch (IllegalArgumentException e) {
            throw new BadFile(stored.file(), e.getMessage() + "; start again", e);
        }
    }

    private static Matrix basis(ArraySource stored, String name) {
        NamedArray array = Checkpoints.array(stored, name);
        long[] shape = array.shape();
        if (shape.length != 2) {
            throw new BadFile(stored.file(), array + " is not a matrix; start again");
        }
        return Matrix.copyOf(Math.toIntExact(shape[0]), Math.toIntExact(shape[1]), array.toFloats());
    }

    @Override
    public void close() {
        learner.close();
    }
}
