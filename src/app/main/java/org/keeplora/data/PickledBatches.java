package org.keeplora.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * CIFAR-100's format: three Python pickles, {@code meta} ({@code fine_label_names}), {@code train} and {@code test}
 * ({@code data} [images x 3072]: 32 x 32 in planes R, G, B; {@code fine_labels}). Items are in file order.
 *
 * @param folder holds the three files
 */
record PickledBatches(String folder) implements SplitReader {
    private static final int SIDE = 32;
    private static final int IMAGE_BYTES = SIDE * SIDE * RgbImage.CHANNELS;

    @Override
    public Split read(Path root, SplitOrder order) {
        Path home = root.resolve(folder);
        PickledDictionary meta = PickledDictionary.read(home.resolve("meta"));
        ClassTable classes = ClassTable.ofKeys(meta.texts("fine_label_names"));
        return new Split(
                classes.names(),
                half(home.resolve("train"), classes.size()),
                half(home.resolve("test"), classes.size()));
    }

    private static List<Item> half(Path file, int classes) {
        PickledDictionary batch = PickledDictionary.read(file);
        int[] labels = batch.integers("fine_labels");
        byte[] pixels = batch.bytes("data");
        if (pixels.length != (long) labels.length * IMAGE_BYTES) {
            throw batch.damaged("data holds " + pixels.length + " bytes but " + labels.length + " labels need "
                    + ((long) labels.length * IMAGE_BYTES));
        }
        StoredImages images = new StoredImages(labels.length, SIDE, SIDE, StoredImages.Layout.PLANES, pixels);
        List<Item> items = new ArrayList<>(labels.length);
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw batch.damaged(String.format(
                        Locale.ROOT,
                        "fine label %d of image %d but meta names %d classes (0..%d)",
                        labels[i],
                        i,
                        classes,
                        classes - 1));
            }
            items.add(new Item(new StoredImage(images, i), labels[i]));
        }
        return items;
    }
}
