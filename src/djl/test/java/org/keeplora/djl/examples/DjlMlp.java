package org.keeplora.djl.examples;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.keeplora.djl.DjlLearner;
import org.keeplora.djl.DjlMatrix;
import org.keeplora.djl.DjlTask;
import org.keeplora.djl.KeepLoraLinear;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Matrix;
import org.keeplora.examples.Learner;
import org.keeplora.examples.Task;
import org.keeplora.examples.TwoTasksContract;
import org.keeplora.learner.ContinualLearner;

/** KeepLoRA in a DJL program that trains an MLP. */
final class DjlMlp implements Learner {
    private static final int STEPS = 200;

    private final Model model = Model.newInstance("mlp");
    private final NDManager arrays = model.getNDManager().newSubManager();
    private final SequentialBlock block = new SequentialBlock()
            .add(linear(TwoTasksContract.HIDDEN))
            .add(Activation.tanhBlock())
            .add(linear(Task.CLASSES));
    private final DjlLearner learner;
    private boolean knowsWeights;

    private static KeepLoraLinear linear(int units) {
        return KeepLoraLinear.builder().setUnits(units).optBias(false).build();
    }

    DjlMlp(float[][] first, float[][] second) {
        model.setBlock(block);
        block.initialize(model.getNDManager(), model.getDataType(), new Shape(1, Task.IN));
        List<Parameter> weights = block.getParameters().values();
        arrays.create(first).transpose().copyTo(weights.get(0).getArray());
        arrays.create(second).transpose().copyTo(weights.get(1).getArray());
        learner = DjlLearner.of(
                block,
                ContinualLearner.builder()
                        .rank(12)
                        .alpha(12)
                        .weightEnergy(0.3)
                        .featureEnergy(0.999)
                        .seed(7)
                        .backend(BackendChoice.CPU, 2));
    }

    private Trainer trainer() {
        Optimizer descent =
                Optimizer.sgd().setLearningRateTracker(Tracker.fixed(1)).build();
        return model.newTrainer(new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()).optOptimizer(descent));
    }

    private Dataset data(Task task) {
        return new ArrayDataset.Builder()
                .setData(arrays.create(task.inputs()))
                .optLabels(arrays.create(task.labels()))
                .setSampling(task.size(), false)
                .build();
    }

    @Override
    public void fineTune(Task task) {
        checked(() -> {
            try (Trainer trainer = trainer()) {
                EasyTrain.fit(trainer, STEPS, data(task), null);
            }
        });
    }

    @Override
    public void protect(Task task) {
        checked(() -> {
            try (Trainer trainer = trainer()) {
                if (!knowsWeights) {
                    learner.protectWeights();
                    knowsWeights = true;
                }
                learner.end(trainer, data(task));
            }
        });
    }

    @Override
    public void learn(Task task) {
        checked(() -> {
            try (Trainer trainer = trainer();
                    DjlTask adapted = learner.begin(trainer, data(task))) {
                EasyTrain.fit(trainer, STEPS, data(task), null);
                adapted.merge();
            }
        });
    }

    @Override
    public float[][] scores(Task task) {
        try (Trainer trainer = trainer();
                NDManager batch = arrays.newSubManager();
                Matrix scores = DjlMatrix.view(trainer.evaluate(new NDList(batch.create(task.inputs())))
                        .singletonOrThrow())) {
            return scores.toRows();
        }
    }

    private interface Training {
        void run() throws IOException, TranslateException;
    }

    private static void checked(Training training) {
        try {
            training.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TranslateException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        learner.close();
        model.close();
    }
}
