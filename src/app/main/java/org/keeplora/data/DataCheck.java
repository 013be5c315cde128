package org.keeplora.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.keeplora.data.DatasetRow.FullSize;
import org.keeplora.store.BadFile;

/** Checks whether a data set on disk is present, complete and readable, and says what to fix. */
public final class DataCheck {
    /** How closely each image file is checked. */
    public enum Depth {
        /** The file exists and begins like an image. */
        HEADERS,
        /** The image can be decoded. */
        DECODE
    }

    /** The result of a check. */
    public enum State {
        /** Every image of the full official data set is there. */
        COMPLETE,
        /**
         * Every listed image is there, but their number differs from the full data set (a subset, or incompletely
         * unpacked).
         */
        READABLE,
        /** Listed images are missing or unreadable. */
        DAMAGED,
        /** Lists or class folders are missing or damaged. */
        UNUSABLE,
        /** The folder of the data set does not exist. */
        ABSENT
    }

    /**
     * Images of the training or the test half.
     *
     * @param found number of usable images on disk
     * @param expected number of images of the full official data set
     * @param missing listed images that are not on disk, as paths below the data root
     * @param unreadable files that are not readable images, as paths below the data root
     */
    public record Half(int found, int expected, List<String> missing, List<String> unreadable) {
        private static Half nothing(int expected) {
            return new Half(0, expected, List.of(), List.of());
        }
    }

    /** Both halves. */
    public record Halves(Half train, Half test) {
        private static Halves nothing(FullSize size) {
            return new Halves(Half.nothing(size.train()), Half.nothing(size.test()));
        }

        public int found() {
            return train.found + test.found;
        }

        public int expected() {
            return train.expected + test.expected;
        }

        /** The missing images of both halves, training first. */
        public List<String> missing() {
            return Stream.concat(train.missing.stream(), test.missing.stream()).toList();
        }

        /** The unreadable images of both halves, training first. */
        public List<String> unreadable() {
            return Stream.concat(train.unreadable.stream(), test.unreadable.stream())
                    .toList();
        }

        private State state() {
            if (!missing().isEmpty() || !unreadable().isEmpty()) {
                return State.DAMAGED;
            }
            boolean whole = train.found == train.expected && test.found == test.expected;
            return whole ? State.COMPLETE : State.READABLE;
        }
    }

    /**
     * @param leftOut files of the user's own data set that are not used as items
     * @param advice what to fix, in one line; empty when the data set can be used
     */
    public record Result(String name, State state, Halves images, LeftOut leftOut, String advice) {}

    /** How many images a message names. */
    private static final int NAMED = 3;

    private enum Finding {
        USABLE,
        MISSING,
        UNREADABLE
    }

    private DataCheck() {}

    /** {@link #of(String, Path, SplitOrder, Depth)} with {@link Depth#HEADERS}. */
    public static Result of(String name, Path root, SplitOrder order) {
        return of(name, root, order, Depth.HEADERS);
    }

    /**
     * Opens the data set and checks each of its images; parameters as in {@link DatasetCatalog#open}.
     *
     * @throws DatasetException when the name is unknown or the data root does not exist; every other fault is in the
     *     result
     */
    public static Result of(String name, Path root, SplitOrder order, Depth depth) {
        DatasetRow row = DatasetCatalog.row(name);
        DatasetCatalog.requireRoot(root);
        if (!Files.isDirectory(row.folder(root))) {
            return nothing(row.name(), row.size(), State.ABSENT, "put the data set into " + row.folder(root));
        }
        try {
            return examined(row.open(root, order), row.size(), depth, "unpack it again");
        } catch (DatasetException | BadFile e) {
            return nothing(row.name(), row.size(), State.UNUSABLE, e.getMessage());
        }
    }

    /** Opens the user's own data set and checks each of its images; every fault is in the result. */
    public static Result of(OwnData own, Depth depth) {
        try {
            Dataset dataset = DatasetCatalog.listed(own);
            FullSize size = new FullSize(dataset.train().size(), dataset.test().size());
            return examined(dataset, size, depth, "put it there or correct the table");
        } catch (DatasetException | BadFile e) {
            return nothing(own.name(), new FullSize(0, 0), State.UNUSABLE, e.getMessage());
        }
    }

    /**
     * Checks the first bytes of every image of {@code dataset}.
     *
     * @return {@code dataset}
     * @throws DatasetException when files are not images, with their number and the first few
     */
    public static Dataset requireImages(Dataset dataset) {
        List<String> wrong = Stream.of(dataset.train(), dataset.test())
                .flatMap(List::parallelStream)
                .map(Item::image)
                .filter(image -> finding(image, Depth.HEADERS) != Finding.USABLE)
                .map(ImageSource::id)
                .toList();
        if (!wrong.isEmpty()) {
            throw new DatasetException(String.format(
                    Locale.ROOT,
                    "%s: %d of its %d files cannot be read, or their content is none of %s: %s; replace or remove them",
                    dataset.name(),
                    wrong.size(),
                    dataset.train().size() + dataset.test().size(),
                    ImageKind.NAMES,
                    DatasetException.first(NAMED, wrong)));
        }
        return dataset;
    }

    private static Result nothing(String name, FullSize size, State state, String advice) {
        return new Result(name, state, Halves.nothing(size), LeftOut.NOTHING, advice);
    }

    /** @param remedy advice for a missing image */
    private static Result examined(Dataset dataset, FullSize size, Depth depth, String remedy) {
        Halves images =
                new Halves(half(dataset.train(), size.train(), depth), half(dataset.test(), size.test(), depth));
        return new Result(dataset.name(), images.state(), images, dataset.leftOut(), advice(images, remedy));
    }

    private static String advice(Halves images, String remedy) {
        List<String> missing = images.missing();
        if (!missing.isEmpty()) {
            return remedy + ": no " + missing.get(0) + (missing.size() > 1 ? " and others" : "");
        }
        List<String> unreadable = images.unreadable();
        if (!unreadable.isEmpty()) {
            return "replace " + unreadable.get(0) + (unreadable.size() > 1 ? " and others" : "");
        }
        return "";
    }

    private static Half half(List<Item> items, int expected, Depth depth) {
        List<ImageSource> images = items.stream().map(Item::image).toList();
        List<Finding> findings =
                images.parallelStream().map(image -> finding(image, depth)).toList();
        List<String> missing = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            switch (findings.get(i)) {
                case USABLE -> {}
                case MISSING -> missing.add(images.get(i).id());
                case UNREADABLE -> unreadable.add(images.get(i).id());
            }
        }
        return new Half(images.size() - missing.size() - unreadable.size(), expected, missing, unreadable);
    }

    private static Finding finding(ImageSource image, Depth depth) {
        if (image instanceof ImageFile file) {
            if (!Files.isRegularFile(file.path())) {
                return Finding.MISSING;
            }
            if (!beginsLikeAnImage(file.path())) {
                return Finding.UNREADABLE;
            }
        }
        return depth == Depth.HEADERS || decodes(image) ? Finding.USABLE : Finding.UNREADABLE;
    }

    private static boolean beginsLikeAnImage(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return ImageKind.of(in.readNBytes(ImageKind.START)).isPresent();
        } catch (IOException e) {
            return false; // expected: the image cannot be read
        }
    }

    private static boolean decodes(ImageSource image) {
        try {
            image.read();
            return true;
        } catch (DatasetException | BadFile e) {
            return false; // expected: the image cannot be read
        }
    }
}
