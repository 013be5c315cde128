package org.keeplora.train;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Decoding;
import org.keeplora.clip.ImageSet;
import org.keeplora.clip.TextLength;
import org.keeplora.clip.TokenBatch;
import org.keeplora.clip.Tokenizer;
import org.keeplora.data.Dataset;
import org.keeplora.data.DecodedCache;
import org.keeplora.data.Item;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.train.RunMonitor.Progress;

/** Prepares data sets for one model: pixels of its input size, prompts as tokens of its vocabulary. */
public final class RunData {
    private final ClipModel model;
    private final Tokenizer tokenizer;
    private final int threads;
    private final Optional<DecodedCache> cache;
    private final RunMonitor monitor;

    /**
     * Closes none of the arguments.
     *
     * @param threads for decoding
     * @param cache of decoded images; without one the images are held in memory
     * @throws org.keeplora.store.BadFile when the tokenizer does not have the vocabulary of the model
     */
    public RunData(
            ClipModel model, Tokenizer tokenizer, int threads, Optional<DecodedCache> cache, RunMonitor monitor) {
        tokenizer.requireFits(model.architecture());
        this.model = model;
        this.tokenizer = tokenizer;
        this.threads = threads;
        this.cache = cache;
        this.monitor = monitor;
    }

    /** The training half of task {@code number}, complete on every process of {@code group}; the caller closes it. */
    public TaskData task(int number, Dataset dataset, ProcessGroup group) {
        ImageSet images = decode(dataset.name() + " training images", dataset.train(), group);
        TaskData.Prompts prompts =
                new TaskData.Prompts(prompts(dataset, TextLength.LONGEST), prompts(dataset, TextLength.CONTEXT));
        return new TaskData(number, dataset.name(), images, prompts, Optional.empty());
    }

    /** This process's part of the test half, with all prompts; the caller closes it. */
    public TestSet test(Dataset dataset, ProcessGroup group) {
        List<Item> items = dataset.test();
        int[] own = group.localItems(IntStream.range(0, items.size()).toArray());
        ImageSet images = decode(
                dataset.name() + " test images",
                IntStream.of(own).mapToObj(items::get).toList(),
                ProcessGroup.SINGLE);
        return new TestSet(dataset.name(), images, items.size(), prompts(dataset, TextLength.LONGEST));
    }

    private TokenBatch prompts(Dataset dataset, TextLength length) {
        tokenizer.requireDistinct(dataset.name(), dataset.classNames(), dataset.prompts());
        return tokenizer.encode(dataset.prompts(), model.architecture().contextLength(), length);
    }

    private ImageSet decode(String pass, List<Item> items, ProcessGroup group) {
        Progress progress = monitor.progress();
        Decoding decoding = new Decoding(items, model.imageTransform(), threads, () -> progress.advance(1));
        progress.begin(pass, items.size());
        try {
            return monitor.times()
                    .measure("decoding", () -> ImageSet.decode(decoding, cache, model.device(), team(group)));
        } finally {
            progress.end();
        }
    }

    /** The processes that decode together. */
    static Decoding.Team team(ProcessGroup group) {
        return new Decoding.Team() {
            @Override
            public int[] own(int[] all) {
                return group.localItems(all);
            }

            @Override
            public void complete(Tensor images) {
                group.sum("the decoded images", List.of(images));
            }
        };
    }

    /**
     * A test split with its class prompts; closes both.
     *
     * @param images of this process
     * @param total number of images of all processes
     */
    public record TestSet(String name, ImageSet images, int total, TokenBatch prompts) implements AutoCloseable {
        @Override
        public void close() {
            images.close();
            prompts.close();
        }
    }
}
