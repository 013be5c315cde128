package org.keeplora.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Decoding;
import org.keeplora.clip.ImageSet;
import org.keeplora.clip.ImageTransform;
import org.keeplora.clip.TextLength;
import org.keeplora.clip.TokenBatch;
import org.keeplora.clip.Tokenizer;
import org.keeplora.data.Batches;
import org.keeplora.data.ImageSource;
import org.keeplora.data.Item;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchThreads;
import org.keeplora.train.RunMonitor.Progress;

/**
 * CLIP's own training: all weights of both towers learn which caption in a batch belongs to which image (Radford et al.
 * 2021, section 2.3). The logit scale is not trained.
 */
public final class ContrastivePretraining {
    private final ClipModel model;
    private final Tokenizer tokenizer;
    private final TrainSettings settings;
    private final RunMonitor monitor;

    /**
     * Closes none of the arguments.
     *
     * @param settings of this training, with one number of epochs
     */
    public ContrastivePretraining(ClipModel model, Tokenizer tokenizer, TrainSettings settings, RunMonitor monitor) {
        tokenizer.requireFits(model.architecture());
        this.model = model;
        this.tokenizer = tokenizer;
        this.settings = settings;
        this.monitor = monitor;
    }

    /**
     * Trains on pairs of an image and its caption. An incomplete last batch of an epoch is skipped.
     *
     * @param threads for decoding and computing
     * @return the loss of every step
     */
    public double[] train(List<? extends ImageSource> images, List<String> captions, long seed, int threads) {
        TorchThreads.set(threads);
        ImageTransform transform = model.imageTransform();
        List<Item> items = new ArrayList<>();
        images.forEach(image -> items.add(new Item(image, items.size())));
        Progress progress = monitor.progress();
        progress.begin("decoding", items.size());
        try (ImageSet pixels = ImageSet.decode(
                        new Decoding(items, transform, threads, () -> progress.advance(1)),
                        Optional.empty(),
                        model.device(),
                        Decoding.Team.ALONE);
                TokenBatch tokens =
                        tokenizer.encode(captions, model.architecture().contextLength(), TextLength.LONGEST)) {
            List<int[]> batches = batches(items.size(), seed);
            progress.begin("pretraining", (long) batches.size() * settings.batchSize());
            model.unfreeze();
            return new TrainingLoop(settings, ProcessGroup.SINGLE, progress)
                    .minimize(
                            "pretraining",
                            model.trainable(),
                            (batch, nothing) -> loss(pixels, tokens, batch),
                            batches,
                            TrainingLoop.Watch.NONE);
        } finally {
            model.merge();
            progress.end();
        }
    }

    private List<int[]> batches(int pairs, long seed) {
        List<int[]> batches = new ArrayList<>();
        for (int epoch = 0; epoch < settings.epochs().get(0); epoch++) {
            Batches.shuffled(
                            pairs,
                            settings.batchSize(),
                            RunSettings.seed(seed, RunSettings.Purpose.BATCH_ORDER, 0, epoch))
                    .stream()
                    .filter(batch -> batch.length == settings.batchSize())
                    .forEach(batches::add);
        }
        return batches;
    }

    /** The mean cross-entropy of images over captions and of captions over images. */
    private Tensor loss(ImageSet pixels, TokenBatch tokens, int[] batch) {
        Tensor texts = model.encodeText(tokens.select(batch));
        Tensor logits = model.logits(model.encodeImage(pixels.pixels(batch)), texts);
        Tensor own = model.device()
                .move(Tensors.ofInts(IntStream.range(0, batch.length).toArray()));
        return torch.cross_entropy_loss(logits, own)
                .add(torch.cross_entropy_loss(logits.t(), own))
                .div(new Scalar(2.0));
    }
}
