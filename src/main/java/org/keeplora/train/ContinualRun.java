package org.keeplora.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.keeplora.clip.Adapter;
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
import org.keeplora.report.StageTimes;

/** Learns one task after another and evaluates all of them before the first and after each (paper, algorithm of the method). */
public final class ContinualRun {
    private final ClipModel model;
    private final Tokenizer tokenizer;
    private final Linalg linalg;
    private final RunSettings settings;
    private final RunProgress progress;
    private final StageTimes times = new StageTimes();

    /** The model is changed by the run; none of the arguments is closed by it. */
    public ContinualRun(
            ClipModel model, Tokenizer tokenizer, Linalg linalg, RunSettings settings, RunProgress progress) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.linalg = linalg;
        this.settings = settings;
        this.progress = progress;
    }

    /** Learns {@code tasks} in order. */
    public RunResult run(List<Dataset> tasks) {
        torch.set_num_threads(settings.threads());
        AccuracyTable accuracy =
                new AccuracyTable(tasks.stream().map(Dataset::name).toList());
        List<Map<Site, Integer>> ranks = new ArrayList<>();
        List<double[]> losses = new ArrayList<>();
        List<Evaluator.TestSet> tests = new ArrayList<>();
        try {
            tasks.forEach(task -> tests.add(testSet(task)));
            accuracy.zeroShot(evaluate(tests));
            try (ContinualMethod method = times.measure("weight subspaces", this::method)) {
                for (int number = 0; number < tasks.size(); number++) {
                    double[] steps = learn(number, tasks.get(number), method);
                    ranks.add(method.ranks());
                    losses.add(steps);
                    accuracy.addRow(steps.length == 0 ? accuracy.zeroShot() : evaluate(tests));
                }
            }
        } finally {
            tests.forEach(Evaluator.TestSet::close);
        }
        return new RunResult(accuracy, ranks, losses, times);
    }

    /** Losses of every step; none where the method trains nothing. */
    private double[] learn(int number, Dataset dataset, ContinualMethod method) {
        if (settings.learning() == LearningMethod.ZERO_SHOT) {
            return new double[0];
        }
        try (TaskData task = taskData(number, dataset)) {
            try (PointerScope scope = new PointerScope()) {
                Map<Site, Adapter> adapters = times.measure("start", () -> method.start(task));
                model.attach(adapters);
            }
            double[] steps = times.measure(
                    "training", () -> new TaskTrainer(model, settings.training(), progress).train(task, steps(task)));
            times.measure("merge", model::merge);
            times.measure("features", () -> method.learned(task));
            return steps;
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
        int batchSize = settings.training().batchSize();
        return times.measure("evaluation", () -> new Evaluator(model, batchSize, progress).row(tests));
    }

    private ContinualMethod method() {
        int batchSize = settings.training().batchSize();
        GradientEstimator gradients = new GradientEstimator(model, batchSize, progress);
        GradientStart start = new GradientStart(model, linalg, settings.method(), gradients, settings.seed());
        return switch (settings.learning()) {
            case ZERO_SHOT -> new ZeroShot();
            case LORA -> new StandardLora(model, settings.method(), settings.seed());
            case GRADIENT_LORA -> new GradientLora(model, start);
            case KEEPLORA -> new KeepLora(model, linalg, settings.method(), start, batchSize, progress);
        };
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
        progress.begin(pass, items.size());
        try {
            ImageTransform transform = new ImageTransform(model.architecture().imageSize());
            return times.measure("decoding", () -> ImageSet.decode(items, transform, settings.threads(), progress));
        } finally {
            progress.end();
        }
    }
}
