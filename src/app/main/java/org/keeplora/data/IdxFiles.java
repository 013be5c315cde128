package org.keeplora.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * MNIST's own format: four idx files with an official split.
 *
 * @param folder holds {@code {train,t10k}-{images-idx3,labels-idx1}-ubyte}, each plain or {@code .gz}
 * @param classes number and display name of each class
 */
record IdxFiles(String folder, ClassTable classes) implements SplitReader {
    @Override
    public Split read(Path root, SplitOrder order) {
        return new Split(classes.names(), half(root.resolve(folder), "train"), half(root.resolve(folder), "t10k"));
    }

    private List<Item> half(Path files, String prefix) {
        IdxArray images = IdxArray.read(files.resolve(prefix + "-images-idx3-ubyte"), 3);
        IdxArray labels = IdxArray.read(files.resolve(prefix + "-labels-idx1-ubyte"), 1);
        int count = images.shape()[0];
        long pixels = (long) images.shape()[1] * images.shape()[2];
        if (pixels > ImageDecoder.MOST_PIXELS) {
            throw new DatasetException(String.format(
                    Locale.ROOT,
                    "%s: images of %d x %d pixels, more than %d each; download it again",
                    images.file(),
                    images.shape()[2],
                    images.shape()[1],
                    ImageDecoder.MOST_PIXELS));
        }
        if (labels.shape()[0] != count) {
            throw new DatasetException(String.format(
                    Locale.ROOT,
                    "%s holds %d labels but %s holds %d images; they must agree: unpack or download both again",
                    labels.file(),
                    labels.shape()[0],
                    images.file(),
                    count));
        }
        StoredImages stored = new StoredImages(
                count, images.shape()[2], images.shape()[1], StoredImages.Layout.GREY, images.values());
        List<Item> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(new Item(new StoredImage(stored, i), label(labels, i)));
        }
        return items;
    }

    private int label(IdxArray labels, int index) {
        int label = labels.values()[index] & 0xff;
        if (label >= classes.size()) {
            throw new DatasetException(String.format(
                    Locale.ROOT,
                    "%s: label %d at offset %d but the data set has %d classes (0..%d); download the file again",
                    labels.file(),
                    label,
                    labels.headerBytes() + index,
                    classes.size(),
                    classes.size() - 1));
        }
        return label;
    }
}
