package org.keeplora.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClassHead;
import org.keeplora.clip.ClipModel;
import org.keeplora.data.Batches;
import org.keeplora.data.Dataset;
import org.keeplora.torch.Tensors;

/**
 * Accuracy of a model on test sets. Each set is decoded once; its prompts are encoded once per row. Closes the sets.
 */
public final class Evaluator implements AutoCloseable {
    private final Objective objective;
    private final int batchSize;
    private final RunMonitor monitor;
    private final List<RunData.TestSet> sets;

    /** @param objective its logits classify the images */
    public Evaluator(Objective objective, int batchSize, RunMonitor monitor, List<RunData.TestSet> sets) {
        this.objective = objective;
        this.batchSize = batchSize;
        this.monitor = monitor;
        this.sets = List.copyOf(sets);
    }

    /** Decodes the test halves of {@code datasets}. */
    static Evaluator of(
            ClipModel model, RunData data, ComputeContext context, TrainSettings settings, List<Dataset> datasets) {
        List<RunData.TestSet> sets = new ArrayList<>();
        try {
            datasets.forEach(dataset -> sets.add(data.test(dataset, context.processGroup())));
            Objective objective = new Objective(model, settings.precision(), context.processGroup());
            return new Evaluator(objective, settings.batchSize(), context.monitor(), sets);
        } catch (RuntimeException e) {
            sets.forEach(RunData.TestSet::close);
            throw e;
        }
    }

    /**
     * Accuracy in percent of the current model on each set.
     *
     * @param heads of learned tasks by name; that head helps to classify the set of the same name
     */
    public double[] row(Map<String, ClassHead> heads) {
        monitor.progress()
                .begin(
                        "evaluation",
                        sets.stream().mapToLong(set -> set.images().size()).sum());
        try {
            return monitor.times().measure("evaluation", () -> percent(heads));
        } finally {
            monitor.progress().end();
        }
    }

    private double[] percent(Map<String, ClassHead> heads) {
        long[] own = sets.stream()
                .mapToLong(set -> correct(set, Optional.ofNullable(heads.get(set.name()))))
                .toArray();
        try (Tensor counts = Tensors.ofLongs(own)) {
            objective.group().sum("the evaluation", List.of(counts));
            long[] all = new long[own.length];
            counts.data_ptr_long().get(all);
            return IntStream.range(0, all.length)
                    .mapToDouble(i -> 100.0 * all[i] / sets.get(i).total())
                    .toArray();
        }
    }

    private long correct(RunData.TestSet set, Optional<ClassHead> head) {
        long correct = 0;
        try (NoGradGuard guard = new NoGradGuard();
                Tensor text = textFeatures(set)) {
            for (int[] batch :
                    monitor.progress().over(Batches.inOrder(set.images().size(), batchSize), 1)) {
                try (PointerScope scope = new PointerScope()) {
                    Tensor features = objective.images(set.images().pixels(batch));
                    Tensor logits = objective.model().logits(features, text);
                    Tensor all =
                            head.map(its -> logits.add(its.logits(features))).orElse(logits);
                    correct += set.images().correct(all, batch);
                }
            }
        }
        return correct;
    }

    private Tensor textFeatures(RunData.TestSet set) {
        try (PointerScope scope = new PointerScope()) {
            return Tensors.keep(objective.texts(set.prompts()).await());
        }
    }

    @Override
    public void close() {
        sets.forEach(RunData.TestSet::close);
    }
}
