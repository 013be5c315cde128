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
import org.keeplora.clip.TokenBatch;
import org.keeplora.data.Batches;
import org.keeplora.distributed.PairwiseSum;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.method.FeatureStatistic;
import org.keeplora.method.SecondMoment;
import org.keeplora.method.SlotMean;
import org.keeplora.method.Switches;
import org.keeplora.method.TextFeatures;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchMatrix;

/**
 * C of every distinct site input over one task: one pass over the training images for the vision tower, one over the class
 * prompts for the text tower. Query, key and value of a block read one input, so one C serves three sites.
 */
final class FeatureCollector implements AutoCloseable {
    private final ClipModel model;
    private final ComputeContext compute;
    private final Switches switches;
    private final Map<SiteInput, SecondMoment> moments = new LinkedHashMap<>();
    private final Map<SiteInput, SlotMean> slotMeans = new LinkedHashMap<>();
    private final PairwiseSum terms = new PairwiseSum();

    FeatureCollector(ClipModel model, ComputeContext compute, Switches switches) {
        this.model = model;
        this.compute = compute;
        this.switches = switches;
    }

    /** Runs both passes. */
    void collect(TaskData task, int batchSize, RunProgress progress) {
        boolean all = switches.textFeatures() == TextFeatures.ALL_POSITIONS;
        TokenBatch prompts = all ? task.prompts().full() : task.prompts().cut();
        try (NoGradGuard guard = new NoGradGuard()) {
            new TrainingPass(batches(task.images().size(), batchSize), compute.processGroup(), progress)
                    .run(
                            task.name() + " features",
                            (batch, part) ->
                                    collectImages(task, compute.processGroup().share(batch, part)),
                            part -> {
                                collectText(prompts, compute.processGroup().share(prompts.indices(), part), all);
                                endPart();
                            });
        } finally {
            model.tap(null);
        }
    }

    /** A slot mean takes no batch that is shorter than the first. */
    private List<int[]> batches(int images, int batchSize) {
        return Batches.inOrder(images, batchSize).stream()
                .filter(batch -> switches.features() == FeatureStatistic.SECOND_MOMENT
                        || batch.length == Math.min(images, batchSize))
                .toList();
    }

    private void collectImages(TaskData task, int[] share) {
        if (share.length > 0) {
            model.tap((input, activations) -> add(input, everyRow(activations)));
            model.encodeImage(task.images().pixels(share));
        }
    }

    private void collectText(TokenBatch prompts, int[] share, boolean allPositions) {
        if (share.length > 0) {
            try (PointerScope scope = new PointerScope()) {
                TokenBatch own = share.length == prompts.endOfText().length ? prompts : prompts.select(share);
                model.tap((input, activations) ->
                        add(input, allPositions ? everyRow(activations) : rowsOfText(activations, own)));
                model.encodeText(own);
            }
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

    /** C [in x in] float64 of every input of the model, over all processes; the caller closes them. */
    Map<SiteInput, Matrix> secondMoments() {
        Map<SiteInput, Matrix> values = new LinkedHashMap<>();
        if (isWhole()) {
            widths().forEach((input, in) -> values.put(input, own(input, in)));
            return values;
        }
        try (PointerScope scope = new PointerScope()) {
            List<Tensor> sums = terms.total();
            compute.processGroup().sum("the second moments", sums);
            for (SiteInput input : widths().keySet()) {
                values.put(input, TorchMatrix.copyOf(sums.get(values.size()), compute.linalg()));
            }
            return values;
        }
    }

    /** Whether what this process collects in its one part is all there is. */
    private boolean isWhole() {
        return compute.processGroup().size() == 1 && compute.processGroup().parts() == 1;
    }

    /** What was collected is a term, in float64; through copies, as libtorch may not reach where the matrices lie. */
    private void endPart() {
        if (isWhole()) {
            return;
        }
        try (PointerScope scope = new PointerScope()) {
            List<Tensor> term = new ArrayList<>();
            widths().forEach((input, in) -> {
                try (Matrix own = own(input, in)) {
                    term.add(TorchMatrix.copyOf(own));
                }
            });
            terms.add(term);
        }
        close();
    }

    /** Of every distinct input of the model. */
    private Map<SiteInput, Integer> widths() {
        Map<SiteInput, Integer> widths = new LinkedHashMap<>();
        for (Site site : model.sites()) {
            widths.computeIfAbsent(
                    site.input(), input -> (int) model.weight(site).size(1));
        }
        return widths;
    }

    /** C of what this part has seen; zero where that is nothing. */
    private Matrix own(SiteInput input, int in) {
        Linalg linalg = compute.linalg();
        if (moments.containsKey(input)) {
            return linalg.copyOf(moments.get(input).value());
        }
        return slotMeans.containsKey(input)
                ? slotMeans.get(input).secondMoment(linalg)
                : linalg.zeros(in, in, ElementType.F64);
    }

    @Override
    public void close() {
        moments.values().forEach(SecondMoment::close);
        slotMeans.values().forEach(SlotMean::close);
        moments.clear();
        slotMeans.clear();
    }
}
