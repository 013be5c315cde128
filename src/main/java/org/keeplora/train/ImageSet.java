package org.keeplora.train;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.keeplora.clip.ImageTransform;
import org.keeplora.clip.Tensors;
import org.keeplora.data.Item;

/**
 * One split, decoded once: images as uint8 [n x 3 x px x px], labels as int64 [n], both on the host.
 *
 * <p>There is no augmentation, so every epoch sees the same bytes. The owner closes it.
 */
final class ImageSet implements AutoCloseable {
    private final Tensor images;
    private final Form form;
    private final Tensor labels;

    /** What the image tensor holds. */
    private enum Form {
        BYTES,
        NORMALIZED
    }

    private ImageSet(Tensor images, Tensor labels, Form form) {
        this.form = form;
        this.images = Tensors.keep(images);
        this.labels = Tensors.keep(labels);
    }

    /** Images that are normalised already: float32 [n x 3 x px x px], and labels int64 [n]. */
    static ImageSet ofPixels(Tensor pixels, Tensor labels) {
        return new ImageSet(pixels, labels, Form.NORMALIZED);
    }

    /** Decodes, resizes and crops every item on {@code threads} threads. */
    static ImageSet decode(List<Item> items, ImageTransform transform, int threads, RunProgress progress) {
        int side = transform.size();
        Tensor images = Tensors.empty(ScalarType.Byte, items.size(), 3, side, side);
        long[] labels = items.stream().mapToLong(Item::label).toArray();
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> pending = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                int index = i;
                pending.add(workers.submit(() -> {
                    try (PointerScope scope = new PointerScope()) {
                        images.select(0, index)
                                .copy_(transform.resizeAndCrop(
                                        items.get(index).image().read()));
                    }
                }));
            }
            for (Future<?> image : pending) {
                await(image);
                progress.advance(1);
            }
        } catch (RuntimeException e) {
            stop(workers); // none may still write into the memory that is freed next
            images.close();
            throw e;
        } finally {
            workers.shutdownNow();
        }
        return new ImageSet(images, Tensors.ofLongs(labels), Form.BYTES);
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

    int size() {
        return (int) images.size(0);
    }

    /** The images at {@code indices}, normalised for the network: float32 [indices x 3 x px x px], in the caller's scope. */
    Tensor pixels(int[] indices) {
        Tensor selected = images.index_select(0, Tensors.ofInts(indices));
        return form == Form.BYTES ? ImageTransform.normalize(selected) : selected;
    }

    /** The labels at {@code indices}: int64 [indices], in the caller's scope. */
    Tensor labels(int[] indices) {
        return labels.index_select(0, Tensors.ofInts(indices));
    }

    /** How many of {@code logits} [indices x classes] have their maximum at the label. */
    int correct(Tensor logits, int[] indices) {
        return Tensors.argmaxOfRows(logits).eq(labels(indices)).sum().item_int();
    }

    @Override
    public void close() {
        images.close();
        labels.close();
    }
}
