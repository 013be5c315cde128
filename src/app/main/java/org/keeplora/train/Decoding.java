package org.keeplora.train;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.keeplora.clip.ImageTransform;
import org.keeplora.data.Item;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.torch.Tensors;

/** Every item of a split on its way to pixels. */
record Decoding(List<Item> items, ImageTransform transform, int threads, RunProgress progress) {
    /** Receives a decoded image, on any thread, in a scope that ends with the call. */
    interface Target {
        void put(int index, Tensor image);
    }

    /** The numbers of all items. */
    int[] all() {
        return IntStream.range(0, items.size()).toArray();
    }

    /** uint8 [items x 3 x px x px]; each of {@code group} decodes some, and all have all. The caller closes it. */
    Tensor intoMemory(ProcessGroup group) {
        int side = transform.size();
        Tensor images = Tensors.keep(Tensors.empty(ScalarType.Byte, items.size(), 3, side, side));
        try {
            if (group.size() > 1) {
                images.zero_();
            }
            run(group.localItems(all()), (index, image) -> images.select(0, index)
                    .copy_(image));
            group.sum("the decoded images", List.of(images));
            return images;
        } catch (RuntimeException e) {
            images.close();
            throw e;
        }
    }

    /** Returns when no worker runs any more, also when one fails: they write into memory of the caller. */
    void run(int[] numbers, Target target) {
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> pending = new ArrayList<>();
            for (int index : numbers) {
                pending.add(workers.submit(() -> {
                    try (PointerScope scope = new PointerScope()) {
                        target.put(
                                index,
                                transform.resizeAndCrop(items.get(index).image().read()));
                    }
                }));
            }
            for (Future<?> image : pending) {
                await(image);
                progress.advance(1);
            }
        } finally {
            stop(workers);
        }
    }

    /** Drops what has not begun and waits for what has. */
    private static void stop(ExecutorService workers) {
        workers.shutdownNow();
        boolean interrupted = false;
        while (!workers.isTerminated()) {
            try {
                workers.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(Future<?> image) {
        try {
            image.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while decoding images", e);
        }
    }
}
