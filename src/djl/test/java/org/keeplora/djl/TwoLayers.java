package org.keeplora.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
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
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.keeplora.engine.BackendChoice;
import org.keeplora.learner.ContinualLearner;
import org.keeplora.learner.LearnerBuilder;

/** A DJL program with a model [7 → 11 → 5], the second layer below a block of its own, and random data. */
final class TwoLayers implements AutoCloseable {
    static final String FIRST = "01KeepLoraLinear";
    static final String SECOND = "03SequentialBlock_01KeepLoraLinear";
    static final int IN = 7;

    private static final int HIDDEN = 11;
    private static final int CLASSES = 5;
    private static final int SAMPLES = 12;

    final Model model = Model.newInstance("two layers");
    final NDManager arrays = NDManager.newBaseManager();
    final SequentialBlock block = new SequentialBlock()
            .add(linear(HIDDEN))
            .add(Activation.tanhBlock())
            .add(new SequentialBlock().add(linear(CLASSES)));

    TwoLayers() {
        model.setBlock(block);
        block.initialize(model.getNDManager(), model.getDataType(), new Shape(1, IN));
    }

    static KeepLoraLinear linear(int units) {
        return KeepLoraLinear.builder().setUnits(units).build();
    }

    static LearnerBuilder settings() {
        return ContinualLearner.builder()
                .rank(3)
                .alpha(6)
                .weightEnergy(0.3)
                .featureEnergy(0.6)
                .backend(BackendChoice.CPU, 1);
    }

    Trainer trainer() {
        return trainer(model);
    }

    static Trainer trainer(Model model) {
        return model.newTrainer(new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(Optimizer.sgd()
                        .setLearningRateTracker(Tracker.fixed(0.5f))
                        .build()));
    }

    Dataset data(long seed) {
        return data(inputs(seed), 4);
    }

    Dataset data(float[] inputs, int batch) {
        Random random = new Random(3);
        int[] labels = random.ints(SAMPLES, 0, CLASSES).toArray();
        return new ArrayDataset.Builder()
                .setData(arrays.create(inputs, new Shape(SAMPLES, IN)))
                .optLabels(arrays.create(labels))
                .setSampling(batch, false)
                .build();
    }

    static float[] inputs(long seed) {
        Random random = new Random(seed);
        float[] values = new float[SAMPLES * IN];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Trains for {@code epochs} passes of three batches. */
    static void fit(Trainer trainer, Dataset data, int epochs) throws IOException, TranslateException {
        EasyTrain.fit(trainer, epochs, data, null);
    }

    /** The model's answers to the inputs of {@code seed}. */
    float[] answers(long seed) {
        try (Trainer trainer = trainer();
                NDManager batch = arrays.newSubManager()) {
            return trainer.evaluate(new NDList(batch.create(inputs(seed), new Shape(SAMPLES, IN))))
                    .singletonOrThrow()
                    .toFloatArray();
        }
    }

    /** Values of every parameter. */
    Map<String, float[]> parameters() {
        Map<String, float[]> values = new TreeMap<>();
        block.getParameters()
                .forEach(pair ->
                        values.put(pair.getKey(), pair.getValue().getArray().toFloatArray()));
        return values;
    }

    static byte[] saved(Block block) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        block.saveParameters(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    static void load(byte[] saved, Block block, NDManager manager) throws Exception {
        block.loadParameters(manager, new DataInputStream(new ByteArrayInputStream(saved)));
    }

    /** Arrays that the model and its trainers hold. */
    int held() {
        return model.getNDManager().getManagedArrays().size();
    }

    @Override
    public void close() {
        arrays.close();
        model.close();
    }
}
