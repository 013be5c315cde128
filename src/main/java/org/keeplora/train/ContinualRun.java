package org.keeplora.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.keeplora.clip.ClassHead;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.LowRankChange;
import org.keeplora.clip.Precision;
import org.keeplora.clip.Site;
import org.keeplora.data.Batches;
import org.keeplora.data.Dataset;
import org.keeplora.engine.Linalg;
import org.keeplora.report.AccuracyTable;
import org.keeplora.report.RankTable;
import org.keeplora.report.RunTables;
import org.keeplora.report.StageTimes;
import org.keeplora.store.NamedArray;

/** Learns one task after another and evaluates all of them before the first and after each (paper, algorithm of the method). */
public final class ContinualRun {
    private final ClipModel model;
    private final Linalg linalg;
    private final RunSettings settings;
    private final RunMonitor monitor;
    private final RunData data;
    private final Map<String, ClassHead> heads = new LinkedHashMap<>();

    /** The model is changed by the run; none of the arguments is closed by it. */
    public ContinualRun(ClipModel model, RunData data, Linalg linalg, RunSettings settings, RunMonitor monitor) {
        this.model = model;
        this.data = data;
        this.linalg = linalg;
        this.settings = settings;
        this.monitor = monitor;
    }

    /**
     * Learns {@code tasks} in order.
     *
     * @param probes data sets that are evaluated with the tasks but never trained on; may be empty
     * @param changes is told what each task changed
     * @throws IllegalArgumentException naming a task without training images
     */
    public RunResult run(List<Dataset> tasks, List<Dataset> probes, LearnedChanges changes) {
        tasks.forEach(ContinualRun::requireTrainingImages);
        torch.set_num_threads(settings.threads());
        Evaluator evaluator = new Evaluator(model, settings.training(), monitor.progress());
        try (Evaluation evaluation = new Evaluation(data, evaluator, monitor, tasks, probes)) {
            evaluation.addRow(AccuracyTable.ZERO_SHOT, heads);
            return settings.learning() == LearningMethod.ZERO_SHOT
                    ? result(evaluation, RankTable.empty(), List.of())
                    : learnAll(tasks, evaluation, changes);
        } finally {
            heads.values().forEach(ClassHead::close);
            heads.clear();
        }
    }

    private static void requireTrainingImages(Dataset task) {
        if (task.train().isEmpty()) {
            throw new IllegalArgumentException(
                    "task " + task.name() + " has no training images; name it as a probe, or give it some");
        }
    }

    private RunResult learnAll(List<Dataset> tasks, Evaluation evaluation, LearnedChanges changes) {
        List<double[]> losses = new ArrayList<>();
        try (ContinualMethod method = method()) {
            RankTable ranks = new RankTable(named(inputWidths(method.ranks().keySet())));
            ranks.addRow(RankTable.PRE_TRAINING, named(method.ranks()));
            for (int number = 0; number < tasks.size(); number++) {
                String name = tasks.get(number).name();
                losses.add(learn(number, tasks.get(number), method, changes));
                ranks.addRow(name, named(method.ranks()));
                evaluation.addRow(name, heads);
            }
            return result(evaluation, ranks, losses);
        }
    }

    private RunResult result(Evaluation evaluation, RankTable ranks, List<double[]> losses) {
        List<NamedArray> weights = new ArrayList<>();
        heads.forEach((task, head) -> weights.add(head.toArray(task)));
        RunTables tables = new RunTables(evaluation.accuracy(), evaluation.probes(), ranks);
        return new RunResult(tables, losses, monitor.times(), weights);
    }

    /** Start, train, merge, grow; the loss of every step. */
    private double[] learn(int number, Dataset dataset, ContinualMethod method, LearnedChanges changes) {
        StageTimes times = monitor.times();
        try (TaskData images = data.task(number, dataset)) {
            try (PointerScope scope = new PointerScope()) {
                model.attach(method.start(images));
            }
            boolean cosine = settings.method().head() == HeadKind.COSINE;
            TaskData task = cosine ? withHead(images) : images; // only now: the gradient is that of CLIP alone
            Objective objective = new Objective(model, settings.training().precision());
            TaskTrainer trainer = new TaskTrainer(objective, settings.training(), monitor.progress());
            double[] losses = times.measure("training", () -> trainer.train(task, method, steps(task)));
            method.trained(task);
            tell(changes, task);
            times.run("merge", model::merge);
            method.learned(task);
            return losses;
        }
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
        torch.set_num_threads(settings.threads());
        List<Evaluator.TestSet> tests = new ArrayList<>();
        try {
            stored.forEach(weight -> heads.put(weight.name(), ClassHead.of(weight, model.device())));
            sets.forEach(set -> tests.add(data.test(set)));
            return new Evaluator(model, settings.training(), monitor.progress()).row(tests, heads);
        } finally {
            tests.forEach(Evaluator.TestSet::close);
            heads.values().forEach(ClassHead::close);
            heads.clear();
        }
    }

    private TaskData withHead(TaskData task) {
        ClassHead head = monitor.times()
                .measure(
                        "class means",
                        () -> ClassMeans.head(model, task, settings.training().batchSize(), monitor.progress()));
        heads.put(task.name(), head);
        return task.with(head);
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
            case O_LORA -> new OrthogonalLora(model, linalg, standardLora());
            case LWF ->
                new DistilledLora(model, standardLora(), settings.training().batchSize());
            case FULL_FINE_TUNING -> new FullFineTuning(model);
            case GRADIENT_LORA -> new GradientLora(model, linalg, gradientStart());
            case INFLORA -> keepLora(settings.with(settings.method().featuresOnly()));
            case KEEPLORA -> keepLora(settings);
        };
    }

    private StandardLora standardLora() {
        return new StandardLora(model, settings.method(), settings.seed());
    }

    private KeepLora keepLora(RunSettings itsSettings) {
        return new KeepLora(model, linalg, itsSettings, gradientStart(), monitor);
    }

    private GradientStart gradientStart() {
        GradientEstimator gradients = new GradientEstimator(
                new Objective(model, Precision.FLOAT32),
                linalg,
                settings.training().batchSize(),
                monitor.progress());
        return new GradientStart(model, linalg, gradients, settings, monitor.times());
    }

    private static Map<String, Integer> named(Map<Site, Integer> bySite) {
        Map<String, Integer> byName = new LinkedHashMap<>();
        bySite.forEach((site, number) -> byName.put(site.toString(), number));
        return byName;
    }

    private Map<Site, Integer> inputWidths(Set<Site> sites) {
        Map<Site, Integer> widths = new LinkedHashMap<>();
        sites.forEach(site -> widths.put(site, (int) model.weight(site).size(1)));
        return widths;
    }
}
