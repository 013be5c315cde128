package org.keeplora.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.SiteInput;
import org.keeplora.clip.TokenBatch;
import org.keeplora.clip.Tower;
import org.keeplora.data.Batches;
import org.keeplora.engine.Matrix;
import org.keeplora.method.Switches;
import org.keeplora.method.Switches.FeatureStatistic;
import org.keeplora.method.Switches.TextFeatures;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchMatrix;

/**
 * C of every distinct site input over one task: one pass over the training images for the vision tower, one over the class
 * prompts for the text tower. Query, key and value of a block read one input, so one C serves three sites.
 */
final class FeatureCollector {
    private final ClipModel model;
    private final ComputeContext context;
    private final Switches switches;

    FeatureCollector(ClipModel model, ComputeContext context, Switches switches) {
        this.model = model;
        this.context = context;
        this.switches = switches;
    }

    /** C [in x in] float64 of every input of the model, over all processes; the caller closes them. */
    Map<SiteInput, Matrix> secondMoments(TaskData task, int batchSize) {
        List<int[]> images = batches(task.images().size(), batchSize);
        Map<SiteInput, Matrix> moments = new LinkedHashMap<>();
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard();
                InputStatistics vision = ofImages(task);
                InputStatistics text = ofPrompts(task)) {
            put(moments, vision, context.sum(task.name() + " features", images, vision));
            put(
                    moments,
                    text,
                    context.processGroup()
                            .sum(
                                    task.name() + " prompt features",
                                    List.of(prompts(task).indices()),
                                    text));
            return moments;
        } finally {
            model.tap(null);
        }
    }

    private void put(Map<SiteInput, Matrix> moments, InputStatistics statistics, List<Tensor> sums) {
        for (SiteInput input : statistics.inputs()) {
            moments.put(input, TorchMatrix.copyOf(sums.get(statistics.inputs().indexOf(input)), context.linalg()));
        }
    }

    /** A slot mean takes no batch that is shorter than the first. */
    List<int[]> batches(int images, int batchSize) {
        return Batches.inOrder(images, batchSize).stream()
                .filter(batch -> switches.features() == FeatureStatistic.SECOND_MOMENT
                        || batch.length == Math.min(images, batchSize))
                .toList();
    }

    private boolean allPositions() {
        return switches.textFeatures() == TextFeatures.ALL_POSITIONS;
    }

    /** Of the vision tower; every token of an image counts. */
    InputStatistics ofImages(TaskData task) {
        return statistics(Tower.VISION, (batch, seen) -> {
            model.tap((input, activations) -> seen.add(input, everyRow(activations)));
            model.encodeImage(task.images().pixels(batch.items()));
        });
    }

    private TokenBatch prompts(TaskData task) {
        return allPositions() ? task.prompts().full() : task.prompts().cut();
    }

    /** Of the text tower. */
    InputStatistics ofPrompts(TaskData task) {
        TokenBatch prompts = prompts(task);
        return statistics(Tower.TEXT, (batch, seen) -> {
            TokenBatch own = prompts.select(batch.items());
            model.tap((input, activations) ->
                    seen.add(input, allPositions() ? everyRow(activations) : rowsOfText(activations, own)));
            model.encodeText(own);
        });
    }

    private InputStatistics statistics(Tower tower, InputStatistics.Pass pass) {
        Map<SiteInput, Integer> widths = new LinkedHashMap<>();
        model.sites().stream()
                .filter(site -> site.tower() == tower)
                .forEach(site -> widths.put(site.input(), model.inputWidth(site)));
        return new InputStatistics(context.linalg(), switches.features(), widths, pass);
    }

    /** [n x tokens x in] to [tokens·n x in], token by token. */
    private static Tensor everyRow(Tensor activations) {
        return activations.permute(1, 0, 2).reshape(-1, activations.size(2));
    }

    /** The rows of every prompt up to and including its end-of-text. */
    private static Tensor rowsOfText(Tensor activations, TokenBatch prompts) {
        long positions = activations.size(1);
        LongStream.Builder rows = LongStream.builder();
        for (int prompt = 0; prompt < prompts.endOfText().length; prompt++) {
            for (long position = 0; position <= prompts.endOfText()[prompt]; position++) {
                rows.add(prompt * positions + position);
            }
        }
        Tensor chosen = Tensors.beside(activations, Tensors.ofLongs(rows.build().toArray()));
        return activations.reshape(-1, activations.size(2)).index_select(0, chosen);
    }
}
