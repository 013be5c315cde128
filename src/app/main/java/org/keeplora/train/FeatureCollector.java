package org.keeplora.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.SiteInput;
import org.keeplora.clip.TokenBatch;
import org.keeplora.clip.Tower;
import org.keeplora.data.Batches;
import org.keeplora.distributed.Accumulator;
import org.keeplora.distributed.LocalBatch;
import org.keeplora.engine.Matrix;
import org.keeplora.method.Switches;
import org.keeplora.method.Switches.FeatureStatistic;
import org.keeplora.method.Switches.TextFeatures;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchMatrix;

/**
 * Collects C of every distinct site input over one task. One pass over the training images serves the vision tower, one
 * over the class prompts the text tower. Query, key and value of a block read one input, so one C serves three sites.
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
        Map<SiteInput, Matrix> moments = new LinkedHashMap<>();
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard();
                InputStatistics images = ofImages(task);
                InputStatistics prompts = ofPrompts(task)) {
            Towers towers = new Towers(images, prompts, prompts(task).indices());
            List<Tensor> sums =
                    context.sum(task.name() + " features", batches(task.images().size(), batchSize), towers);
            towers.inputs()
                    .forEach(input ->
                            moments.put(input, TorchMatrix.copyOf(sums.get(moments.size()), context.linalg())));
            return moments;
        } finally {
            model.tap(null);
        }
    }

    /** Terms of both towers in one sum: the prompts of a part follow its images. */
    private final class Towers implements Accumulator {
        private final InputStatistics images;
        private final InputStatistics prompts;
        private final int[] promptIndices;
        private int part;

        Towers(InputStatistics images, InputStatistics prompts, int[] promptIndices) {
            this.images = images;
            this.prompts = prompts;
            this.promptIndices = promptIndices;
        }

        @Override
        public void add(LocalBatch batch) {
            images.add(batch);
        }

        @Override
        public List<Tensor> take() {
            LocalBatch own = LocalBatch.of(promptIndices, context.processGroup(), part++);
            if (own.isOwn()) {
                try (PointerScope scope = new PointerScope()) {
                    prompts.add(own);
                }
            }
            return Stream.concat(images.take().stream(), prompts.take().stream())
                    .toList();
        }

        List<SiteInput> inputs() {
            return Stream.concat(images.inputs().stream(), prompts.inputs().stream())
                    .toList();
        }
    }

    /** All batches; for a slot mean only the full ones, since it drops a batch that is shorter than the first. */
    List<int[]> batches(int images, int batchSize) {
        return Batches.inOrder(images, batchSize).stream()
                .filter(batch -> switches.features() == FeatureStatistic.SECOND_MOMENT
                        || batch.length == Math.min(images, batchSize))
                .toList();
    }

    private boolean allPositions() {
        return switches.textFeatures() == TextFeatures.ALL_POSITIONS;
    }

    /** For the vision tower; every token of an image counts. */
    InputStatistics ofImages(TaskData task) {
        return statistics(Tower.VISION, (batch, seen) -> {
            model.tap((input, activations) -> seen.add(input, rows(activations)));
            model.encodeImage(task.images().pixels(batch.items()));
        });
    }

    private TokenBatch prompts(TaskData task) {
        return allPositions() ? task.prompts().full() : task.prompts().cut();
    }

    /** For the text tower. */
    InputStatistics ofPrompts(TaskData task) {
        TokenBatch prompts = prompts(task);
        return statistics(Tower.TEXT, (batch, seen) -> {
            TokenBatch own = prompts.select(batch.items());
            model.tap((input, activations) ->
                    seen.add(input, allPositions() ? rows(activations) : rowsOfText(activations, own)));
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

    /** [n x tokens x in] to [n·tokens x in]; token by token where the order matters, for a slot mean. */
    private Tensor rows(Tensor activations) {
        Tensor ordered = switches.features() == FeatureStatistic.SLOT_MEAN ? activations.permute(1, 0, 2) : activations;
        return ordered.reshape(-1, activations.size(2));
    }

    /** The rows of every prompt up to and including its end-of-text token. */
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
