package org.keeplora.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.SiteInput;
import org.keeplora.clip.Tensors;
import org.keeplora.clip.TokenBatch;
import org.keeplora.clip.TorchMatrix;
import org.keeplora.data.Batches;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.method.FeatureStatistic;
import org.keeplora.method.SecondMoment;
import org.keeplora.method.SlotMean;
import org.keeplora.method.Switches;
import org.keeplora.method.TextFeatures;

/**
 * C of every distinct site input over one task: one pass over the training images for the vision tower, one over the class
 * prompts for the text tower. Query, key and value of a block read one input, so one C serves three sites.
 */
final class FeatureCollector implements AutoCloseable {
    private final ClipModel model;
    private final Linalg linalg;
    private final Switches switches;
    private final Map<SiteInput, SecondMoment> moments = new LinkedHashMap<>();
    private final Map<SiteInput, SlotMean> slotMeans = new LinkedHashMap<>();

    FeatureCollector(ClipModel model, Linalg linalg, Switches switches) {
        this.model = model;
        this.linalg = linalg;
        this.switches = switches;
    }

    /** Runs both passes. */
    void collect(TaskData task, int batchSize, RunProgress progress) {
        progress.begin(task.name() + " features", task.images().size());
        try (NoGradGuard guard = new NoGradGuard()) {
            model.tap((input, activations) -> add(input, everyRow(activations)));
            for (int[] batch : Batches.inOrder(task.images().size(), batchSize)) {
                try (PointerScope scope = new PointerScope()) {
                    model.encodeImage(task.images().pixels(batch));
                }
                progress.advance(batch.length);
            }
            boolean all = switches.textFeatures() == TextFeatures.ALL_POSITIONS;
            TokenBatch prompts = all ? task.prompts().full() : task.prompts().cut();
            model.tap(
                    (input, activations) -> add(input, all ? everyRow(activations) : rowsOfText(activations, prompts)));
            try (PointerScope scope = new PointerScope()) {
                model.encodeText(prompts);
            }
        } finally {
            model.tap(null);
            progress.end();
        }
    }

    /** [n x tokens x in] to [tokens·n x in], token by token. */
    private static Tensor everyRow(Tensor activations) {
        return activations.permute(1, 0, 2).reshape(-1, activations.size(2));
    }

    /** The rows of every prompt up to and including its end-of-text. */
    private static Tensor rowsOfText(Tensor activations, TokenBatch prompts) {
        List<Long> rows = new ArrayList<>();
        long positions = activations.size(1);
        for (int prompt = 0; prompt < prompts.endOfText().length; prompt++) {
            for (long position = 0; position <= prompts.endOfText()[prompt]; position++) {
                rows.add(prompt * positions + position);
            }
        }
        long[] indices = rows.stream().mapToLong(Long::longValue).toArray();
        Tensor chosen = Tensors.beside(activations, Tensors.ofLongs(indices));
        return activations.reshape(-1, activations.size(2)).index_select(0, chosen);
    }

    private void add(SiteInput input, Tensor rows) {
        try (Matrix samples = TorchMatrix.view(rows, linalg)) {
            if (switches.features() == FeatureStatistic.SECOND_MOMENT) {
                SecondMoment moment = moments.computeIfAbsent(input, i -> new SecondMoment(linalg, samples.cols()));
                SecondMoment.add(linalg, List.of(moment), List.of(samples));
            } else {
                slotMeans.computeIfAbsent(input, i -> new SlotMean()).add(linalg, samples);
            }
        }
    }

    /** The slot mean of {@code input}, for {@link FeatureStatistic#SLOT_MEAN}. */
    SlotMean slotMean(SiteInput input) {
        return slotMeans.get(input);
    }

    /** C [in x in] float64 of every input; the caller closes them. */
    Map<SiteInput, Matrix> secondMoments() {
        Map<SiteInput, Matrix> values = new LinkedHashMap<>();
        moments.forEach((input, moment) ->
                values.put(input, linalg.convert(moment.value(), moment.value().type())));
        slotMeans.forEach((input, mean) -> values.put(input, mean.secondMoment(linalg)));
        return values;
    }

    @Override
    public void close() {
        moments.values().forEach(SecondMoment::close);
        slotMeans.values().forEach(SlotMean::close);
    }
}
