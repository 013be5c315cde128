package org.keeplora.torch.examples;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.keeplora.engine.Matrix;
import org.keeplora.examples.Learner;
import org.keeplora.examples.Task;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchLearner;
import org.keeplora.torch.TorchMatrix;
import org.keeplora.torch.TorchTask;

/** Somebody's trainer, with KeepLoRA: {@link #protect} and {@link #learn} are all that differs from one without. */
final class TorchTrainer implements Learner {
    private static final int BATCH = 128;

    private final Classifier model;
    private final TorchLearner learner;

    TorchTrainer(Classifier model) {
        this.model = model;
        learner = TorchLearner.of(
                model.layers(), its -> its.rank(12).alpha(12).weightEnergy(0.3).featureEnergy(model.featureEnergy()));
    }

    @Override
    public void protect(Task task) {
        learner.protectWeights();
        learner.end(batches(task), batch -> model.forward(inputs(batch)));
    }

    @Override
    public void learn(Task task) {
        try (TorchTask adapters = learner.begin(batches(task), this::loss)) {
            train(task, adapters.parameters());
            adapters.merge();
        }
        learner.end(batches(task), batch -> model.forward(inputs(batch)));
    }

    @Override
    public void fineTune(Task task) {
        train(task, model.parameters());
    }

    private void train(Task task, TensorVector parameters) {
        List<Task> batches = batches(task);
        try (PointerScope scope = new PointerScope()) {
            Optimizer optimizer = model.optimizer(parameters);
            for (int step = 0; step < model.steps(); step++) {
                try (PointerScope tensors = new PointerScope()) {
                    optimizer.zero_grad();
                    loss(batches.get(step % batches.size())).backward();
                    optimizer.step();
                }
            }
        }
    }

    private Tensor loss(Task batch) {
        return torch.cross_entropy(model.forward(inputs(batch)), Tensors.ofInts(batch.labels()));
    }

    private static List<Task> batches(Task task) {
        return IntStream.range(0, task.size() / BATCH)
                .mapToObj(i -> part(task, i * BATCH, (i + 1) * BATCH))
                .toList();
    }

    private static Task part(Task task, int from, int to) {
        return new Task(Arrays.copyOfRange(task.inputs(), from, to), Arrays.copyOfRange(task.labels(), from, to));
    }

    private static Tensor inputs(Task batch) {
        try (Matrix inputs = Matrix.copyOf(batch.inputs())) {
            return TorchMatrix.copyOf(inputs);
        }
    }

    @Override
    public float[][] scores(Task task) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard();
                Matrix scores = TorchMatrix.view(model.forward(inputs(task)))) {
            return scores.toRows();
        }
    }

    @Override
    public void close() {
        learner.close();
        model.close();
    }
}
