package org.keeplora.clip;

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
import org.keeplora.data.Item;
import org.keeplora.torch.Tensors;

/**
 * Every item of a split on its way to pixels.
 *
 * @param decoded is run after each image
 */
public record Decoding(List<Item> items, ImageTransform transform, int threads, Runnable decoded) {
    /** Those that decode the same items together, each some of them. */
    public interface Team {
        /** One that decodes all by itself. */
        Team ALONE = new Team() {
            @Override
            public int[] own(int[] all) {
                return all;
            }

            @Override
            public void complete(Tensor images) {}
        };

        /** Those of {@code all} numbers that this one decodes. */
        int[] own(int[] all);

        /** Gives every one all images, of which each has its own, and zeros for the others. */
        void complete(Tensor images);
    }

    /** Receives a decoded image, on any thread, in a scope that ends with the call. */
    interface Target {
        void put(int index, Tensor image);
    }

    /** The numbers of all items. */
    int[] all() {
        return IntStream.range(0, items.size()).toArray();
    }

    /** uint8 [items x 3 x px x px], decoded by all of {@code team}. The caller closes it. */
    Tensor intoMemory(Team team) {
        int side = transform.size();
        int[] own = team.own(all());
        Tensor images = Tensors.keep(Tensors.empty(ScalarType.Byte, items.size(), 3, side, side));
        try {
            if (own.length < items.size()) {
                images.zero_();
            }
            run(own, (index, image) -> images.select(0, index).copy_(image));
            team.complete(images);
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
                decoded.run();
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
