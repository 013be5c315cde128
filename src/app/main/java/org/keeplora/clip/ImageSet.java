package org.keeplora.clip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.keeplora.data.DecodedCache;
import org.keeplora.data.DecodedImages;
import org.keeplora.data.Item;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchDevice;

/**
 * One split, decoded once: images as uint8 [n x 3 x px x px], labels as int64 [n], both on the host; a batch is copied
 * to the model's device as bytes.
 *
 * <p>There is no augmentation, so every epoch uses the same bytes, in memory or mapped from a {@link DecodedCache}. The
 * owner closes it.
 */
public final class ImageSet implements AutoCloseable {
    private final Pixels images;
    private final Tensor labels;
    private final TorchDevice device;

    /** Images in memory or in a file. */
    private interface Pixels extends AutoCloseable {
        /**
         * The images at {@code indices} as the network reads them: float32 [indices x 3 x px x px] on {@code device},
         * in the caller's scope.
         */
        Tensor at(int[] indices, TorchDevice device);

        @Override
        void close();
    }

    /** Images that are already normalised: float32 [n x 3 x px x px]. */
    private record Normalized(Tensor all) implements Pixels {
        @Override
        public Tensor at(int[] indices, TorchDevice device) {
            return device.move(all.index_select(0, Tensors.ofInts(indices)));
        }

        @Override
        public void close() {
            all.close();
        }
    }

    /** Images in memory: uint8 [n x 3 x px x px]. */
    private record InMemory(Tensor all, ImageTransform transform) implements Pixels {
        @Override
        public Tensor at(int[] indices, TorchDevice device) {
            return transform.normalize(device.move(all.index_select(0, Tensors.ofInts(indices))));
        }

        @Override
        public void close() {
            all.close();
        }
    }

    /** Images in a file: uint8 [n x 3 x side x side]; the garbage collector unmaps it. */
    private record Mapped(DecodedImages all, ImageTransform transform) implements Pixels {
        @Override
        public Tensor at(int[] indices, TorchDevice device) {
            int side = transform.size();
            Tensor batch = Tensors.empty(ScalarType.Byte, indices.length, 3, side, side);
            ByteBuffer target = bytes(batch);
            for (int index : indices) {
                all.copy(index, target);
            }
            return transform.normalize(device.move(batch));
        }

        @Override
        public void close() {}
    }

    private ImageSet(Pixels images, Tensor labels, TorchDevice device) {
        this.images = images;
        this.device = device;
        this.labels = Tensors.keep(labels);
    }

    /**
     * A set of images that are already normalised, float32 [n x 3 x px x px], and labels, int64 [n]; for a model on
     * {@code device}.
     */
    public static ImageSet ofPixels(Tensor pixels, Tensor labels, TorchDevice device) {
        return new ImageSet(new Normalized(Tensors.keep(pixels)), labels, device);
    }

    /**
     * Decodes, resizes and crops every item, or finds the result in {@code cache}.
     *
     * @param device of the model that reads the images
     * @param team the processes that all need these images; without a cache they decode them together
     */
    public static ImageSet decode(
            Decoding decoding, Optional<DecodedCache> cache, TorchDevice device, Decoding.Team team) {
        List<Item> items = decoding.items();
        ImageTransform transform = decoding.transform();
        long[] labels = items.stream().mapToLong(Item::label).toArray();
        Pixels images = cache.flatMap(its -> cached(its, decoding))
                .<Pixels>map(mapped -> new Mapped(mapped, transform))
                .orElseGet(() -> new InMemory(decoding.intoMemory(team), transform));
        return new ImageSet(images, Tensors.ofLongs(labels), device);
    }

    private static Optional<DecodedImages> cached(DecodedCache cache, Decoding decoding) {
        List<Item> items = decoding.items();
        int side = decoding.transform().size();
        String key = DecodedCache.key(items, decoding.transform().geometry().toString());
        Optional<DecodedImages> found = cache.find(key);
        return found.isPresent()
                ? found
                : cache.store(key, items.size(), 3 * side * side, slot -> {
                    try {
                        decoding.run(decoding.all(), (index, image) -> put(slot, index, image));
                    } catch (UncheckedIOException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void put(DecodedCache.Slot slot, int index, Tensor image) {
        try {
            slot.put(index, bytes(image.contiguous()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer bytes(Tensor contiguous) {
        return new BytePointer(contiguous.data_ptr())
                .capacity(contiguous.numel())
                .asByteBuffer();
    }

    /** Number of images. */
    public int size() {
        return (int) labels.size(0);
    }

    /**
     * The images at {@code indices}, normalised for the network: float32 [indices x 3 x px x px], in the caller's
     * scope.
     */
    public Tensor pixels(int[] indices) {
        return images.at(indices, device);
    }

    /** The labels at {@code indices}: int64 [indices], in the caller's scope. */
    public Tensor labels(int[] indices) {
        return device.move(labels.index_select(0, Tensors.ofInts(indices)));
    }

    /** The number of rows of {@code logits} [indices x classes] whose maximum is at the label. */
    public int correct(Tensor logits, int[] indices) {
        return Tensors.argmaxOfRows(logits).eq(labels(indices)).sum().item_int();
    }

    @Override
    public void close() {
        images.close();
        labels.close();
    }
}
