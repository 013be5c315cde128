package org.keeplora.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClassHead;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.data.Batches;
import org.keeplora.data.Dataset;
import org.keeplora.engine.NonFiniteInput;
import org.keeplora.report.AccuracyTable;
import org.keeplora.report.RankTable;
import org.keeplora.report.RunTables;
import org.keeplora.report.StageTimes;
import org.keeplora.store.NamedArray;
import org.keeplora.store.UserError;
import org.keeplora.torch.LowRankChange;
import org.keeplora.torch.TorchThreads;
import org.keeplora.train.RunMonitor.Progress;

/**
 * Learns one task after another. Evaluates all tasks before the first one and after each (paper, algorithm of the
 * method).
 */
public final class ContinualRun {
    private static final System.Logger LOG = System.getLogger(ContinualRun.class.getName());

    private static final Map<LearningMethod, Factory> METHODS = Map.of(
            LearningMethod.LORA, (model, context, settings) -> new StandardLora(model, settings),
            LearningMethod.O_LORA, (model, context, settings) -> new OrthogonalLora(model, context.linalg(), settings),
            LearningMethod.LWF, DistilledLora::new,
            LearningMethod.FULL_FINE_TUNING, (model, context, settings) -> new FullFineTuning(model),
            LearningMethod.GRADIENT_LORA, GradientLora::new,
            LearningMethod.INFLORA,
                    (model, context, settings) -> new KeepLora(
                            model, context, settings.with(settings.method().featuresOnly())),
            LearningMethod.KEEPLORA, KeepLora::new);

    /** Creates the method of a run. */
    private interface Factory {
        ContinualMethod open(ClipModel model, ComputeContext context, RunSettings settings);
    }

    /** Receives the weight changes of each task just before they are merged. */
    @FunctionalInterface
    public interface Changes {
        /** Ignores all changes. */
        Changes IGNORED = (number, task, changes) -> {};

        /**
         * @param number of the task, counted from 0
         * @param changes of every site that had an adapter; closed when the call returns
         */
        void accept(int number, String task, Map<Site, LowRankChange> changes);
    }

    /**
     * The results of a run.
     *
     * @param tables accuracies and protected directions, before the first and after every task
     * @param losses of every step, by task; empty if nothing was trained
     * @param times seconds by stage
     * @param heads weight of every learned task's class head, under the task's name; empty without heads
     */
    public record Result(RunTables tables, List<double[]> losses, StageTimes times, List<NamedArray> heads) {}

    private final ClipModel model;
    private final RunData data;
    private final ComputeContext context;
    private final RunSettings settings;
    private final StageTimes times;

    /** The run changes the model and closes none of the arguments. */
    public ContinualRun(ClipModel model, RunData data, ComputeContext context, RunSettings settings) {
        this.model = model;
        this.data = data;
        this.context = context;
        this.settings = settings;
        this.times = context.monitor().times();
    }

    /** As {@link #run(List, List, Changes, Checkpoints)}, without saving. */
    public Result run(List<Dataset> tasks, List<Dataset> probes, Changes changes) {
        return run(tasks, probes, changes, Checkpoints.NONE);
    }

    /**
     * Learns {@code tasks} in order. Starts from the last state in {@code checkpoints}, if there is one.
     *
     * @param probes data sets that are evaluated with the tasks but never trained on; may be empty
     * @param changes receives the changes of each task, except of tasks that were saved as learned
     * @throws UserError naming a task without training images
     * @throws Checkpoints.Stopped when {@code checkpoints} requested it
     */
    public Result run(List<Dataset> tasks, List<Dataset> probes, Changes changes, Checkpoints checkpoints) {
        tasks.forEach(ContinualRun::requireTrainingImages);
        tasks.stream().map(TaskHealth::ofData).forEach(this::warn);
        TorchThreads.set(settings.threads());
        try (RunRecord found = new RunRecord(names(tasks), names(probes), times);
                Evaluator evaluator =
                        evaluator(Stream.concat(tasks.stream(), probes.stream()).toList())) {
            if (settings.learning() == LearningMethod.ZERO_SHOT) {
                found.addRow(AccuracyTable.ZERO_SHOT, evaluator.row(Map.of()));
            } else {
                learnAll(tasks, changes, new Outcome(found, evaluator), checkpoints);
            }
            return result(found);
        }
    }

    /** What is recorded of a run, and the evaluator that measures it. */
    private record Outcome(RunRecord found, Evaluator evaluator) {
        void evaluate(String after) {
            found.addRow(after, evaluator.row(found.heads()));
        }
    }

    private void learnAll(List<Dataset> tasks, Changes changes, Outcome outcome, Checkpoints checkpoints) {
        RunRecord found = outcome.found();
        try (ContinualMethod method = METHODS.get(settings.learning()).open(model, context, settings)) {
            found.protectionOf(widths(method), method.growths());
            RunSaver saver = new RunSaver(model, method, found, checkpoints, context);
            if (!saver.restore()) {
                outcome.evaluate(AccuracyTable.ZERO_SHOT);
                found.addProtection(RankTable.PRE_TRAINING, method.ranks(), method.growths());
                saver.save();
            }
            for (int number = found.learned(); number < tasks.size(); number++) {
                String name = tasks.get(number).name();
                try (TaskData task = data.task(number, tasks.get(number), context.processGroup())) {
                    found.losses().add(learn(task, method, found, saver, changes));
                } catch (NonFiniteInput e) {
                    throw new TrainingLoop.Diverged(
                            "task " + name + ": " + e.getMessage()
                                    + "; a gradient or feature overflowed; check the task's images or lower the learning rate",
                            e);
                }
                warn(TaskHealth.ofRanks(
                        name,
                        method.ranks(),
                        model::inputWidth,
                        settings.method().rank()));
                found.addProtection(name, method.ranks(), method.growths());
                outcome.evaluate(name);
                saver.save();
            }
        }
    }

    private Map<Site, Integer> widths(ContinualMethod method) {
        Map<Site, Integer> widths = new LinkedHashMap<>();
        method.ranks().keySet().forEach(site -> widths.put(site, model.inputWidth(site)));
        return widths;
    }

    /** Start, attach, train, merge, grow; returns the loss of every step. */
    private double[] learn(TaskData images, ContinualMethod method, RunRecord found, RunSaver saver, Changes changes) {
        if (saver.inTask()) {
            method.resume(images);
        } else {
            start(images, method, found);
        }
        TaskData task = images.with(found.heads().get(images.name()));
        double[] losses = times.measure(StageTimes.TRAINING, () -> train(task, method, saver));
        method.trainingEnded(task);
        tell(changes, task);
        times.run("merge", model::merge);
        method.merged(task);
        return losses;
    }

    private void start(TaskData images, ContinualMethod method, RunRecord found) {
        try (PointerScope scope = new PointerScope()) {
            model.attach(method.start(images));
        }
        // the head comes only now, so that the start gradient is that of CLIP alone
        if (settings.method().head() == MethodSettings.Head.COSINE) {
            int batchSize = settings.training().batchSize();
            found.heads()
                    .put(
                            images.name(),
                            times.measure("class means", () -> ClassMeans.head(model, images, batchSize, context)));
        }
    }

    private double[] train(TaskData task, ContinualMethod method, TrainingLoop.Watch watch) {
        Progress progress = context.monitor().progress();
        TrainSettings training = settings.training();
        Objective objective = new Objective(model, training.precision(), context.processGroup());
        List<Tensor> parameters = new ArrayList<>(model.trainable());
        task.head().ifPresent(head -> parameters.add(head.trainable()));
        List<int[]> steps = steps(task);
        progress.begin(task.name() + " training", Progress.items(steps));
        try {
            return new TrainingLoop(training, context.processGroup(), progress)
                    .minimize(task.name(), parameters, objective.of(task, method::penalized), steps, watch);
        } finally {
            task.head().ifPresent(ClassHead::freeze);
            progress.end();
        }
    }

    private List<int[]> steps(TaskData task) {
        List<int[]> steps = new ArrayList<>();
        int epochs = settings.training().epochs().get(task.number());
        for (int epoch = 0; epoch < epochs; epoch++) {
            long seed = settings.seed(RunSettings.Purpose.BATCH_ORDER, task.number(), epoch);
            steps.addAll(
                    Batches.shuffled(task.images().size(), settings.training().batchSize(), seed));
        }
        return steps;
    }

    private void tell(Changes changes, TaskData task) {
        Map<Site, LowRankChange> bySite = model.changes();
        try {
            changes.accept(task.number(), task.name(), bySite);
        } finally {
            bySite.values().forEach(LowRankChange::close);
        }
    }

    private Result result(RunRecord found) {
        List<NamedArray> weights = new ArrayList<>();
        found.heads().forEach((task, head) -> weights.add(head.toArray(task)));
        return new Result(found.tables(), List.copyOf(found.losses()), times, weights);
    }

    /**
     * Accuracy in percent of the current model on the test half of each of {@code sets}.
     *
     * @param stored heads of learned tasks, as {@link Result#heads}
     */
    public double[] evaluate(List<Dataset> sets, List<NamedArray> stored) {
        TorchThreads.set(settings.threads());
        Map<String, ClassHead> heads = new LinkedHashMap<>();
        try (Evaluator evaluator = evaluator(sets)) {
            stored.forEach(weight -> heads.put(weight.name(), ClassHead.of(weight, model.device())));
            return evaluator.row(heads);
        } finally {
            heads.values().forEach(ClassHead::close);
        }
    }

    private Evaluator evaluator(List<Dataset> sets) {
        return Evaluator.of(model, data, context, settings.training(), sets);
    }

    private void warn(List<String> lines) {
        if (context.processGroup().isFirst()) {
            lines.forEach(line -> LOG.log(System.Logger.Level.WARNING, line));
        }
    }

    private static List<String> names(List<Dataset> sets) {
        return sets.stream().map(Dataset::name).toList();
    }

    private static void requireTrainingImages(Dataset task) {
        if (task.train().isEmpty()) {
            throw new UserError(
                    "task " + task.name() + " has no training images; make it a probe, or add training images");
        }
    }
}
