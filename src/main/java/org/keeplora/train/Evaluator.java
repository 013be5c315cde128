package org.keeplora.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.keeplora.clip.Autocast;
import org.keeplora.clip.ClassHead;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Tensors;
import org.keeplora.clip.TokenBatch;
import org.keeplora.data.Batches;

/** Accuracy on the test sets of all tasks; every data set's prompts are encoded once a row. */
final class Evaluator {
    private final ClipModel model;
    private final TrainSettings settings;
    private final RunProgress progress;

    /** A test split with its class prompts; closes both. */
    record TestSet(String name, ImageSet images, TokenBatch prompts) implements AutoCloseable {
        @Override
        public void close() {
            images.close();
            prompts.close();
        }
    }

    Evaluator(ClipModel model, TrainSettings settings, RunProgress progress) {
        this.model = model;
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Accuracy on each set in percent.
     *
     * @param heads of learned tasks by name; a set of such a name is classified with the head's help
     */
    double[] row(List<TestSet> sets, Map<String, ClassHead> heads) {
        progress.begin(
                "evaluation",
                sets.stream().mapToLong(set -> set.images().size()).sum());
        try {
            return sets.stream()
                    .mapToDouble(set -> accuracy(set, Optional.ofNullable(heads.get(set.name()))))
                    .toArray();
        } finally {
            progress.end();
        }
    }

    private double accuracy(TestSet set, Optional<ClassHead> head) {
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
        return 100.0 * correct / set.images().size();
    }

    private Tensor textFeatures(TestSet set) {
        try (PointerScope scope = new PointerScope();
                Autocast narrower = Autocast.open(settings.precision(), model.device())) {
            return Tensors.keep(model.encodeText(set.prompts()).to(ScalarType.Float));
        }
    }

    private Tensor imageFeatures(Tensor pixels) {
        try (Autocast narrower = Autocast.open(settings.precision(), model.device())) {
            return model.encodeImage(pixels).to(ScalarType.Float);
        }
    }
}
