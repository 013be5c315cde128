package org.keeplora.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Stanford Cars' format: {@code devkit/cars_meta.mat} with the class names, {@code devkit/cars_train_annos.mat} and
 * {@code cars_test_annos_withlabels.mat} with every image's file and class. Items are in the order of those files.
 *
 * @param folder holds {@code devkit}, {@code cars_train}, {@code cars_test} and the test annotations
 */
record AnnotatedImages(String folder) implements SplitReader {
    @Override
    public Split read(Path root, SplitOrder order) {
        Path home = root.resolve(folder);
        Path kit = home.resolve("devkit");
        ClassTable classes =
                ClassTable.ofKeys(MatlabFile.read(kit.resolve("cars_meta.mat")).texts("class_names"));
        return new Split(
                classes.names(),
                half(root, home.resolve("cars_train"), kit.resolve("cars_train_annos.mat"), classes.size()),
                half(root, home.resolve("cars_test"), home.resolve("cars_test_annos_withlabels.mat"), classes.size()));
    }

    private static List<Item> half(Path root, Path images, Path annotations, int classes) {
        MatlabFile file = MatlabFile.read(annotations);
        List<Item> items = new ArrayList<>();
        for (MatlabFile.Annotation annotation : file.annotations()) {
            items.add(new Item(
                    ImageFile.listed(root, images, annotation.file(), file::damaged),
                    file.label(annotation.file(), annotation.number(), classes)));
        }
        return items;
    }
}
