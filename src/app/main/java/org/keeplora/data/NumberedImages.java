package org.keeplora.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Flowers-102's format: {@code setid.mat} with the image numbers of each half ({@code trnid}, {@code tstid}) and
 * {@code imagelabels.mat} with the class of every image, both from 1; items in the order of {@code setid.mat}.
 * {@code valid} is left out, as the official program does.
 *
 * @param folder holds both files and {@code jpg/image_<number, 5 digits>.jpg}
 * @param classes number and display name of each class
 */
record NumberedImages(String folder, ClassTable classes) implements SplitReader {
    @Override
    public Split read(Path root, SplitOrder order) {
        MatlabFile halves = MatlabFile.read(root.resolve(folder).resolve("setid.mat"));
        MatlabFile labels = MatlabFile.read(root.resolve(folder).resolve("imagelabels.mat"));
        return new Split(classes.names(), half(root, halves, "trnid", labels), half(root, halves, "tstid", labels));
    }

    private List<Item> half(Path root, MatlabFile halves, String name, MatlabFile labelFile) {
        int[] labels = labelFile.integers("labels");
        Path images = root.resolve(folder).resolve("jpg");
        List<Item> items = new ArrayList<>();
        for (int number : halves.integers(name)) {
            if (number < 1 || number > labels.length) {
                throw halves.damaged(String.format(
                        Locale.ROOT,
                        "%s names image %d but %s has %d labels",
                        name,
                        number,
                        labelFile.path().getFileName(),
                        labels.length));
            }
            items.add(new Item(
                    ImageFile.below(root, images.resolve(String.format(Locale.ROOT, "image_%05d.jpg", number))),
                    labelFile.label("image " + number, labels[number - 1], classes.size())));
        }
        return items;
    }
}
