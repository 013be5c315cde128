package org.keeplora.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.clip.SiteInput;
import org.keeplora.clip.Tensors;
import org.keeplora.clip.TokenBatch;
import org.keeplora.clip.TorchMatrix;
import org.keeplora.data.Batches;
import org.keeplora.engine.ElementType;
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
    private final Compute compute;
    private final Switches switches;
    private final Map<SiteInput, SecondMoment> moments = new LinkedHashMap<>();
    private final Map<SiteInput, SlotMean> slotMeans = new LinkedHashMap<>();

    FeatureCollector(ClipModel model, Compute compute, Switches switches) {
        this.model = model;
        this.compute = compute;
        this.switches = switches;
    }

    /** Runs both passes. */
    void collect(TaskData task, int batchSize, RunProgress progress) {
        progress.begin(task.name() + " features", task.images().size());
        try (NoGradGuard guard = new NoGradGuard()) {
            model.tap((input, activations) -> add(input, everyRow(activations)));
            for (int[] batch : batches(task.images().size(), batchSize)) {
                int[] share = compute.ranks().share(batch);
                if (share.length > 0) {
                    try (PointerScope scope = new PointerScope()) {
                        model.encodeImage(task.images().pixels(share));
                    }
                }
                progress.advance(batch.length);
            }
            boolean all = switches.textFeatures() == TextFeatures.ALL_POSITIONS;
            try (PointerScope scope = new PointerScope()) {
                collectText(all ? task.prompts().full() : task.prompts().cut(), all);
            }
        } finally {
            model.tap(null);
            progress.end();
        }
    }

    /** A slot mean takes no batch that is shorter than the first. */
    private List<int[]> batches(int images, int batchSize) {
        return Batches.inOrder(images, batchSize).stream()
                .filter(batch -> switches.features() == FeatureStatistic.SECOND_MOMENT
                        || batch.length == Math.min(images, batchSize))
                .toList();
    }

    private void collectText(TokenBatch prompts, boolean allPositions) {
        TokenBatch own = compute.ranks().size() == 1
                ? prompts
                : prompts.select(compute.ranks().share(prompts.indices()));
        model.tap((input, activations) ->
                add(input, allPositions ? everyRow(activations) : rowsOfText(activations, own)));
        if (own.endOfText().length > 0) {
            model.encodeText(own);
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
        Linalg linalg = compute.linalg();
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

    /** C [in x in] float64 of every input of the model, over all ranks; the caller closes them. */
    Map<SiteInput, Matrix> secondMoments() {
        Map<SiteInput, Matrix> values = new LinkedHashMap<>();
        for (Site site : model.sites()) {
            values.computeIfAbsent(
                    site.input(), input -> own(input, (int) model.weight(site).size(1)));
        }
        sumOverRanks(values);
        return values;
    }

    /** C of what this rank has seen; zero where that is nothing. */
    private Matrix own(SiteInput input, int in) {
        Linalg linalg = compute.linalg();
        if (moments.containsKey(input)) {
            return linalg.copyOf(moments.get(input).value());
        }
        return slotMeans.containsKey(input)
                ? slotMeans.get(input).secondMoment(linalg)
                : linalg.zeros(in, in, ElementType.F64);
    }

    /** Once a task, in float64; through copies, as libtorch may not reach where the matrices lie. */
    private void sumOverRanks(Map<SiteInput, Matrix> values) {
        if (compute.ranks().size() == 1) {
            return;
        }
        try (PointerScope scope = new PointerScope()) {
            Map<SiteInput, Tensor> sums = new LinkedHashMap<>();
            values.forEach((input, own) -> sums.put(input, TorchMatrix.copyOf(own)));
            compute.ranks().sum("the second moments", List.copyOf(sums.values()));
            values.replaceAll((input, own) -> {
                own.close();
                return TorchMatrix.copyOf(sums.get(input), compute.linalg());
            });
        }
    }

    @Override
    public void close() {
        moments.values().forEach(SecondMoment::close);
        slotMeans.values().forEach(SlotMean::close);
    }
}
