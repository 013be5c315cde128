package org.keeplora.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.ImageTransform;
import org.keeplora.clip.Site;
import org.keeplora.clip.TextLength;
import org.keeplora.clip.TokenBatch;
import org.keeplora.clip.Tokenizer;
import org.keeplora.data.Batches;
import org.keeplora.data.Dataset;
import org.keeplora.data.Item;
import org.keeplora.engine.Linalg;
import org.keeplora.report.AccuracyTable;
import org.keeplora.report.RankTable;
import org.keeplora.report.StageTimes;

/** Learns one task after another and evaluates all of them before the first and after each (paper, algorithm of the method). */
public final class ContinualRun {
    private final ClipModel model;
    private final Tokenizer tokenizer;
    private final Linalg linalg;
    private final RunSettings settings;
    private final RunMonitor monitor;

    /** The model is changed by the run; none of the arguments is closed by it. */
    public ContinualRun(
            ClipModel model, Tokenizer tokenizer, Linalg linalg, RunSettings settings, RunProgress progress) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.linalg = linalg;
        this.settings = settings;
        this.monitor = new RunMonitor(progress, new StageTimes());
    }

    /** Learns {@code tasks} in order. */
    public RunResult run(List<Dataset> tasks) {
        torch.set_num_threads(settings.threads());
        AccuracyTable accuracy =
                new AccuracyTable(tasks.stream().map(Dataset::name).toList());
        List<Evaluator.TestSet> tests = new ArrayList<>();
        try {
            tasks.forEach(task -> tests.add(testSet(task)));
            accuracy.setZeroShot(evaluate(tests));
            return settings.learning() == LearningMethod.ZERO_SHOT
                    ? new RunResult(accuracy, RankTable.empty(), List.of(), monitor.times())
                    : learnAll(tasks, tests, accuracy);
        } finally {
            tests.forEach(Evaluator.TestSet::close);
        }
    }

    private RunResult learnAll(List<Dataset> tasks, List<Evaluator.TestSet> tests, AccuracyTable accuracy) {
        List<double[]> losses = new ArrayList<>();
        try (ContinualMethod method = method()) {
            RankTable ranks = new RankTable(named(inputWidths(method.ranks().keySet())));
            ranks.addRow(RankTable.PRE_TRAINING, named(method.ranks()));
            for (int number = 0; number < tasks.size(); number++) {
                String name = tasks.get(number).name();
                losses.add(learn(number, tasks.get(number), method));
                ranks.addRow(name, named(method.ranks()));
                accuracy.addRow(name, evaluate(tests));
            }
            return new RunResult(accuracy, ranks, losses, monitor.times());
        }
    }

    /** Start, train, merge, grow; the loss of every step. */
    private double[] learn(int number, Dataset dataset, ContinualMethod method) {
        StageTimes times = monitor.times();
        try (TaskData task = taskData(number, dataset)) {
            try (PointerScope scope = new PointerScope()) {
                model.attach(method.start(task));
            }
            TaskTrainer trainer = new TaskTrainer(model, settings.training(), monitor.progress());
            double[] losses = times.measure("training", () -> trainer.train(task, steps(task)));
            times.run("merge", model::merge);
            method.learned(task);
            return losses;
        }
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

    private double[] evaluate(List<Evaluator.TestSet> tests) {
        Evaluator evaluator = new Evaluator(model, settings.training().batchSize(), monitor.progress());
        return monitor.times().measure("evaluation", () -> evaluator.row(tests));
    }

    private ContinualMethod method() {
        return switch (settings.learning()) {
            case ZERO_SHOT -> throw new IllegalStateException("zero-shot learns nothing");
            case LORA -> new StandardLora(model, settings.method(), settings.seed());
            case GRADIENT_LORA -> new GradientLora(model, gradientStart());
            case KEEPLORA -> new KeepLora(model, linalg, settings, gradientStart(), monitor);
        };
    }

    private GradientStart gradientStart() {
        GradientEstimator gradients =
                new GradientEstimator(model, settings.training().batchSize(), monitor.progress());
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

    private TaskData taskData(int number, Dataset dataset) {
        ImageSet images = decode(dataset.name() + " training images", dataset.train());
        return new TaskData(
                number,
                dataset.name(),
                images,
                prompts(dataset, TextLength.LONGEST),
                prompts(dataset, TextLength.CONTEXT));
    }

    private Evaluator.TestSet testSet(Dataset dataset) {
        ImageSet images = decode(dataset.name() + " test images", dataset.test());
        return new Evaluator.TestSet(dataset.name(), images, prompts(dataset, TextLength.LONGEST));
    }

    private TokenBatch prompts(Dataset dataset, TextLength length) {
        return tokenizer.encode(dataset.prompts(), model.architecture().contextLength(), length);
    }

    private ImageSet decode(String pass, List<Item> items) {
        ImageTransform transform = new ImageTransform(model.architecture().imageSize());
        RunProgress progress = monitor.progress();
        progress.begin(pass, items.size());
        try {
            return monitor.times()
                    .measure("decoding", () -> ImageSet.decode(items, transform, settings.threads(), progress));
        } finally {
            progress.end();
        }
    }
}
