package org.keeplora.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.keeplora.data.DatasetRow.FullSize;
import org.keeplora.store.BadFile;

/** Says of a data set on disk whether it is there, whole and readable, and what to mend. */
public final class DataCheck {
    /** How closely each image file is looked at. */
    public enum Depth {
        /** It exists and begins like an image. */
        HEADERS,
        /** It can be decoded. */
        DECODE
    }

    /** What was found. */
    public enum State {
        /** Every image of the full official data set. */
        COMPLETE,
        /** Every image that is listed, but another number than the full data set has (shrunk, or not unpacked to the end). */
        READABLE,
        /** Listed images are missing or unreadable. */
        DAMAGED,
        /** Lists or class folders are missing or damaged. */
        UNUSABLE,
        /** The folder of the data set is not there. */
        ABSENT
    }

    /** Images of one half: usable ones on disk, and those of the full official data set. */
    public record Count(int found, int expected) {}

    /**
     * @param missing listed images that are not on disk: paths below the data root
     * @param unreadable images that are there but no images: paths below the data root
     * @param leftOut files that are no items, of a data set of one's own
     * @param advice what to mend, one line; empty when the data set can be used
     */
    public record Result(
            String name,
            State state,
            Count train,
            Count test,
            List<String> missing,
            List<String> unreadable,
            LeftOut leftOut,
            String advice) {}

    /** Of images that a message names. */
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
     * Opens the data set and looks at every image of it; parameters as in {@link DatasetCatalog#open}.
     *
     * @throws DatasetException when the name is unknown or the data root is not there; all else is in the result
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

    /** Opens a data set of one's own and looks at every image of it; all that is wrong is in the result. */
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
     * Looks at the first bytes of every image of {@code dataset}.
     *
     * @return {@code dataset}
     * @throws DatasetException when files are no images: with their number and the first of them
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
        return new Result(
                name,
                state,
                new Count(0, size.train()),
                new Count(0, size.test()),
                List.of(),
                List.of(),
                LeftOut.NOTHING,
                advice);
    }

    /** @param remedy for a missing image */
    private static Result examined(Dataset dataset, FullSize size, Depth depth, String remedy) {
        List<Finding> train = findings(dataset.train(), depth);
        List<Finding> test = findings(dataset.test(), depth);
        List<String> missing = ids(dataset, train, test, Finding.MISSING);
        List<String> unreadable = ids(dataset, train, test, Finding.UNREADABLE);
        Count trainCount = new Count(count(train), size.train());
        Count testCount = new Count(count(test), size.test());
        boolean whole = trainCount.found() == trainCount.expected() && testCount.found() == testCount.expected();
        State state =
                !missing.isEmpty() || !unreadable.isEmpty() ? State.DAMAGED : whole ? State.COMPLETE : State.READABLE;
        return new Result(
                dataset.name(),
                state,
                trainCount,
                testCount,
                missing,
                unreadable,
                dataset.leftOut(),
                advice(missing, unreadable, remedy));
    }

    private static String advice(List<String> missing, List<String> unreadable, String remedy) {
        if (!missing.isEmpty()) {
            return remedy + ": no " + missing.get(0) + (missing.size() > 1 ? " and others" : "");
        }
        if (!unreadable.isEmpty()) {
            return "replace " + unreadable.get(0) + (unreadable.size() > 1 ? " and others" : "");
        }
        return "";
    }

    private static List<Finding> findings(List<Item> items, Depth depth) {
        return items.parallelStream().map(item -> finding(item.image(), depth)).toList();
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
            return false; // the finding: it cannot be read
        }
    }

    private static boolean decodes(ImageSource image) {
        try {
            image.read();
            return true;
        } catch (DatasetException | BadFile e) {
            return false; // the finding
        }
    }

    private static int count(List<Finding> findings) {
        return (int) findings.stream().filter(Finding.USABLE::equals).count();
    }

    private static List<String> ids(Dataset dataset, List<Finding> train, List<Finding> test, Finding wanted) {
        return Stream.concat(ids(dataset.train(), train, wanted), ids(dataset.test(), test, wanted))
                .toList();
    }

    private static Stream<String> ids(List<Item> items, List<Finding> findings, Finding wanted) {
        return Stream.iterate(0, i -> i < items.size(), i -> i + 1)
                .filter(i -> findings.get(i) == wanted)
                .map(i -> items.get(i).image().id());
    }
}
