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
 * Decodes every item of a split to pixels.
 *
 * @param decoded called after each image
 */
public record Decoding(List<Item> items, ImageTransform transform, int threads, Runnable decoded) {
    /** Several processes that decode the same items together, each a part of them. */
    public interface Team {
        /** A single process, which decodes all items itself. */
        Team ALONE = new Team() {
            @Override
            public int[] own(int[] all) {
                return all;
            }

            @Override
            public void complete(Tensor images) {}
        };

        /** The part of the numbers {@code all} that this process decodes. */
        int[] own(int[] all);

        /**
         * Gives every process all images. Before the call, each process has its own images, and zeros for the others.
         */
        void complete(Tensor images);
    }

    /** Receives a decoded image, on any thread, in a scope that ends with the call. */
    interface Target {
        void put(int index, Tensor image);
    }

    /** The indices of all items. */
    int[] all() {
        return IntStream.range(0, items.size()).toArray();
    }

    /** All images, uint8 [items x 3 x px x px], decoded by the whole {@code team}; the caller closes the tensor. */
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

    /**
     * Decodes the items at {@code numbers}. Returns, also after a failure, only when no worker is running, because
     * workers write into the caller's memory.
     */
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

    /** Cancels the tasks that have not started and waits for the others. */
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
