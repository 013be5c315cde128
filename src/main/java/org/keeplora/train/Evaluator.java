package org.keeplora.train;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Tensors;
import org.keeplora.clip.TokenBatch;
import org.keeplora.data.Batches;

/** Accuracy on the test sets of all tasks; every data set's prompts are encoded once a row. */
final class Evaluator {
    private final ClipModel model;
    private final int batchSize;
    private final RunProgress progress;

    /** A test split with its class prompts; closes both. */
    record TestSet(String name, ImageSet images, TokenBatch prompts) implements AutoCloseable {
        @Override
        public void close() {
            images.close();
            prompts.close();
        }
    }

    Evaluator(ClipModel model, int batchSize, RunProgress progress) {
        this.model = model;
        this.batchSize = batchSize;
        this.progress = progress;
    }

    /** Accuracy on each set in percent. */
    double[] row(List<TestSet> sets) {
        progress.begin(
                "evaluation",
                sets.stream().mapToLong(set -> set.images().size()).sum());
        try {
            return sets.stream().mapToDouble(this::accuracy).toArray();
        } finally {
            progress.end();
        }
    }

    private double accuracy(TestSet set) {
        long correct = 0;
        try (NoGradGuard guard = new NoGradGuard();
                Tensor text = textFeatures(set)) {
            for (int[] batch : Batches.inOrder(set.images().size(), batchSize)) {
                try (PointerScope scope = new PointerScope()) {
                    Tensor logits = model.logits(model.encodeImage(set.images().pixels(batch)), text);
                    correct += set.images().correct(logits, batch);
                }
                progress.advance(batch.length);
            }
        }
        return 100.0 * correct / set.images().size();
    }

    private Tensor textFeatures(TestSet set) {
        try (PointerScope scope = new PointerScope()) {
            return Tensors.keep(model.encodeText(set.prompts()));
        }
    }
}
