package org.keeplora.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.keeplora.clip.ClassHead;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.TokenBatch;
import org.keeplora.data.Batches;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.torch.Autocast;
import org.keeplora.torch.Tensors;

/** Accuracy on the test sets of all tasks; every data set's prompts are encoded once a row. */
public final class Evaluator {
    private final ClipModel model;
    private final TrainSettings settings;
    private final ProcessGroup group;
    private final RunProgress progress;

    /**
     * A test split with its class prompts; closes both.
     *
     * @param images this process's share of them
     * @param total images of all processes
     */
    public record TestSet(String name, ImageSet images, int total, TokenBatch prompts) implements AutoCloseable {
        @Override
        public void close() {
            images.close();
            prompts.close();
        }
    }

    public Evaluator(ClipModel model, TrainSettings settings, ProcessGroup group, RunProgress progress) {
        this.model = model;
        this.settings = settings;
        this.group = group;
        this.progress = progress;
    }

    /** Those that share the test images. */
    public ProcessGroup processGroup() {
        return group;
    }

    /**
     * Accuracy on each set in percent.
     *
     * @param heads of learned tasks by name; a set of such a name is classified with the head's help
     */
    public double[] row(List<TestSet> sets, Map<String, ClassHead> heads) {
        progress.begin(
                "evaluation",
                sets.stream().mapToLong(set -> set.images().size()).sum());
        try {
            long[] correct = sets.stream()
                    .mapToLong(set -> correct(set, Optional.ofNullable(heads.get(set.name()))))
                    .toArray();
            long[] all = overRanks(correct);
            return IntStream.range(0, all.length)
                    .mapToDouble(i -> 100.0 * all[i] / sets.get(i).total())
                    .toArray();
        } finally {
            progress.end();
        }
    }

    private long[] overRanks(long[] correct) {
        if (group.size() == 1) {
            return correct;
        }
        try (Tensor sum = Tensors.ofLongs(correct)) {
            group.sum("the evaluation", List.of(sum));
            long[] all = new long[correct.length];
            sum.data_ptr_long().get(all);
            return all;
        }
    }

    private long correct(TestSet set, Optional<ClassHead> head) {
        long correct = 0;
        try (NoGradGuard guard = new NoGradGuard();
                Tensor text = textFeatures(set)) {
            for (int[] batch : Batches.inOrder(set.images().size(), settings.batchSize())) {
                try (PointerScope scope = new PointerScope()) {
                    Tensor features = imageFeatures(set.images().pixels(batch));
                    Tensor logits = model.logits(features, text);
                    Tensor all =
                            head.map(its -> logits.add(its.logits(features))).orElse(logits);
                    correct += set.images().correct(all, batch);
                }
                progress.advance(batch.length);
            }
        }
        return correct;
    }

    private Tensor textFeatures(TestSet set) {
        try (PointerScope scope = new PointerScope()) {
            return Tensors.keep(new PromptFeatures(model, settings.precision(), group)
                    .begin(set.prompts())
                    .await());
        }
    }

    private Tensor imageFeatures(Tensor pixels) {
        try (Autocast narrower = Autocast.open(settings.precision(), model.device())) {
            return model.encodeImage(pixels).to(ScalarType.Float);
        }
    }
}
