package org.keeplora.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.keeplora.clip.ClassHead;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.ModelState;
import org.keeplora.clip.Site;
import org.keeplora.data.Batches;
import org.keeplora.data.Dataset;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.NonFiniteInput;
import org.keeplora.report.AccuracyTable;
import org.keeplora.report.RankTable;
import org.keeplora.report.StageTimes;
import org.keeplora.store.NamedArray;
import org.keeplora.store.UserError;
import org.keeplora.torch.LowRankChange;
import org.keeplora.torch.Precision;
import org.keeplora.torch.TorchThreads;

/** Learns one task after another and evaluates all of them before the first and after each (paper, algorithm of the method). */
public final class ContinualRun {
    private static final System.Logger LOG = System.getLogger(ContinualRun.class.getName());

    private final ClipModel model;
    private final ComputeContext compute;
    private final RunSettings settings;
    private final RunMonitor monitor;
    private final RunData data;

    /** As the other, in one process. */
    public ContinualRun(ClipModel model, RunData data, Linalg linalg, RunSettings settings, RunMonitor monitor) {
        this(model, data, ComputeContext.alone(linalg), settings, monitor);
    }

    /** The model is changed by the run; none of the arguments is closed by it. */
    public ContinualRun(
            ClipModel model, RunData data, ComputeContext compute, RunSettings settings, RunMonitor monitor) {
        this.model = model;
        this.data = data;
        this.compute = compute;
        this.settings = settings;
        this.monitor = monitor;
    }

    /** As {@link #run(List, List, LearnedChanges, Checkpoints)}, keeping nothing for another process. */
    public RunResult run(List<Dataset> tasks, List<Dataset> probes, LearnedChanges changes) {
        return run(tasks, probes, changes, Checkpoints.NONE);
    }

    /**
     * Learns {@code tasks} in order, from where {@code checkpoints} say that the same run has come.
     *
     * @param probes data sets that are evaluated with the tasks but never trained on; may be empty
     * @param changes is told what each task changed; of a task that was saved as learned not again
     * @throws UserError naming a task without training images
     * @throws RunStopped when {@code checkpoints} wanted it
     */
    public RunResult run(List<Dataset> tasks, List<Dataset> probes, LearnedChanges changes, Checkpoints checkpoints) {
        tasks.forEach(ContinualRun::requireTrainingImages);
        tasks.stream().map(TaskHealth::ofData).forEach(this::warn);
        TorchThreads.set(settings.threads());
        List<Dataset> tested = Stream.concat(tasks.stream(), probes.stream()).toList();
        try (RunRecord memory = new RunRecord(names(tasks), names(probes), monitor.times());
                Evaluation evaluation = new Evaluation(data, tested, evaluator(), monitor)) {
            if (settings.learning() == LearningMethod.ZERO_SHOT) {
                memory.addRow(AccuracyTable.ZERO_SHOT, evaluation.row(Map.of()));
            } else {
                learnAll(tasks, new Learning(memory, evaluation, changes, checkpoints));
            }
            return result(memory);
        }
    }

    /** What a run has beside model and method. */
    private record Learning(RunRecord memory, Evaluation evaluation, LearnedChanges changes, Checkpoints checkpoints) {
        void evaluate(String after) {
            memory.addRow(after, evaluation.row(memory.heads()));
        }
    }

    private void warn(List<String> lines) {
        if (!compute.processGroup().isFirst()) {
            return;
        }
        lines.forEach(line -> LOG.log(System.Logger.Level.WARNING, line));
    }

    private static List<String> names(List<Dataset> sets) {
        return sets.stream().map(Dataset::name).toList();
    }

    private static void requireTrainingImages(Dataset task) {
        if (task.train().isEmpty()) {
            throw new UserError("task " + task.name() + " has no training images; name it as a probe, or give it some");
        }
    }

    private void learnAll(List<Dataset> tasks, Learning run) {
        RunRecord memory = run.memory();
        try (ContinualMethod method = method()) {
            Map<Site, Integer> widths = inputWidths(method.ranks().keySet());
            memory.protectionOf(named(widths), named(method.growths()).keySet());
            RunSaver saver =
                    new RunSaver(model, changedWeights(), method, memory, run.checkpoints(), compute.processGroup());
            if (!saver.restore()) {
                run.evaluate(AccuracyTable.ZERO_SHOT);
                memory.addProtection(RankTable.PRE_TRAINING, named(method.ranks()), named(method.growths()));
                monitor.times().run("saving", saver::save);
            }
            for (int number = memory.learned(); number < tasks.size(); number++) {
                String name = tasks.get(number).name();
                try (TaskData images = data.task(number, tasks.get(number), compute.processGroup())) {
                    memory.losses().add(learn(images, method, run, saver));
                } catch (NonFiniteInput e) {
                    throw new TrainingDiverged(
                            "task " + name + ": " + e.getMessage()
                                    + "; a gradient or feature overflowed: look at the task's images, or train more gently",
                            e);
                }
                warn(TaskHealth.ofRanks(
                        name, method.ranks(), widths, settings.method().rank()));
                memory.addProtection(name, named(method.ranks()), named(method.growths()));
                run.evaluate(name);
                monitor.times().run("saving", saver::save);
            }
        }
    }

    private ModelState.Weights changedWeights() {
        return settings.learning() == LearningMethod.FULL_FINE_TUNING
                ? ModelState.Weights.ALL
                : ModelState.Weights.ADAPTED;
    }

    private RunResult result(RunRecord memory) {
        List<NamedArray> weights = new ArrayList<>();
        memory.heads().forEach((task, head) -> weights.add(head.toArray(task)));
        return new RunResult(memory.tables(), List.copyOf(memory.losses()), monitor.times(), weights);
    }

    /** Start, train, merge, grow; the loss of every step. */
    private double[] learn(TaskData images, ContinualMethod method, Learning run, RunSaver saver) {
        StageTimes times = monitor.times();
        TaskData task = saver.inTask() ? resumed(images, method, run.memory()) : started(images, method, run.memory());
        Objective objective = new Objective(model, settings.training().precision(), compute.processGroup());
        TaskTrainer trainer =
                new TaskTrainer(objective, settings.training(), compute.processGroup(), monitor.progress());
        double[] losses = times.measure(StageTimes.TRAINING, () -> trainer.train(task, method, steps(task), saver));
        method.trained(task);
        tell(run.changes(), task);
        times.run("merge", model::merge);
        method.learned(task);
        return losses;
    }

    private TaskData started(TaskData images, ContinualMethod method, RunRecord memory) {
        try (PointerScope scope = new PointerScope()) {
            model.attach(method.start(images));
        }
        if (settings.method().head() == HeadKind.COSINE) { // only now: the gradient is that of CLIP alone
            memory.heads().put(images.name(), classMeans(images));
        }
        return withHead(images, memory);
    }

    private TaskData resumed(TaskData images, ContinualMethod method, RunRecord memory) {
        method.resume(images);
        return withHead(images, memory);
    }

    private static TaskData withHead(TaskData images, RunRecord memory) {
        ClassHead head = memory.heads().get(images.name());
        return head == null ? images : images.with(head);
    }

    private ClassHead classMeans(TaskData task) {
        return monitor.times()
                .measure(
                        "class means",
                        () -> ClassMeans.head(
                                model,
                                task,
                                settings.training().batchSize(),
                                compute.processGroup(),
                                monitor.progress()));
    }

    private void tell(LearnedChanges changes, TaskData task) {
        Map<Site, LowRankChange> bySite = model.changes();
        try {
            changes.accept(task.number(), task.name(), bySite);
        } finally {
            bySite.values().forEach(LowRankChange::close);
        }
    }

    /**
     * Accuracy in percent of the model as it is on the test half of each of {@code sets}.
     *
     * @param stored heads of learned tasks, as {@link RunResult#heads}
     */
    public double[] evaluate(List<Dataset> sets, List<NamedArray> stored) {
        TorchThreads.set(settings.threads());
        Map<String, ClassHead> heads = new LinkedHashMap<>();
        try (Evaluation evaluation = new Evaluation(data, sets, evaluator(), monitor)) {
            stored.forEach(weight -> heads.put(weight.name(), ClassHead.of(weight, model.device())));
            return evaluation.row(heads);
        } finally {
            heads.values().forEach(ClassHead::close);
        }
    }

    private Evaluator evaluator() {
        return new Evaluator(model, settings.training(), compute.processGroup(), monitor.progress());
    }

    private List<int[]> steps(TaskData task) {
        List<int[]> steps = new ArrayList<>();
        int epochs = settings.training().epochs().get(task.number());
        for (int epoch = 0; epoch < epochs; epoch++) {
            long seed = Seeds.of(settings.seed(), Seeds.Purpose.BATCH_ORDER, task.number(), epoch);
            steps.addAll(
                    Batches.shuffled(task.images().size(), settings.training().batchSize(), seed));
        }
        return steps;
    }

    private ContinualMethod method() {
        return switch (settings.learning()) {
            case ZERO_SHOT -> throw new IllegalStateException("zero-shot learns nothing");
            case LORA -> standardLora();
            case O_LORA -> new OrthogonalLora(model, compute.linalg(), standardLora());
            case LWF ->
                new DistilledLora(
                        model,
                        standardLora(),
                        settings.training().batchSize(),
                        compute.processGroup(),
                        monitor.progress());
            case FULL_FINE_TUNING -> new FullFineTuning(model);
            case GRADIENT_LORA -> new GradientLora(model, compute.linalg(), gradientStart());
            case INFLORA -> keepLora(settings.with(settings.method().featuresOnly()));
            case KEEPLORA -> keepLora(settings);
        };
    }

    private StandardLora standardLora() {
        return new StandardLora(model, settings.method(), settings.seed());
    }

    private KeepLora keepLora(RunSettings itsSettings) {
        return new KeepLora(model, compute, itsSettings, gradientStart(), monitor);
    }

    private GradientStart gradientStart() {
        // the prompts have one pass a task, which every process computes by itself
        GradientEstimator gradients = new GradientEstimator(
                new Objective(model, Precision.FLOAT32, ProcessGroup.SINGLE),
                compute,
                settings.training().batchSize(),
                monitor.progress());
        return new GradientStart(model, compute.linalg(), gradients, settings, monitor.times());
    }

    private static <V> Map<String, V> named(Map<Site, V> bySite) {
        Map<String, V> byName = new LinkedHashMap<>();
        bySite.forEach((site, value) -> byName.put(site.toString(), value));
        return byName;
    }

    private Map<Site, Integer> inputWidths(Set<Site> sites) {
        Map<Site, Integer> widths = new LinkedHashMap<>();
        sites.forEach(site -> widths.put(site, (int) model.weight(site).size(1)));
        return widths;
    }
}
