package org.keeplora.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
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
     * @param advice what to mend, one line; empty when the data set can be used
     */
    public record Result(
            String name,
            State state,
            Count train,
            Count test,
            List<String> missing,
            List<String> unreadable,
            String advice) {}

    /** First bytes of JPEG, PNG, GIF, BMP and TIFF (both byte orders): what the decoder reads. */
    private static final List<byte[]> IMAGE_STARTS = List.of(
            bytes(0xff, 0xd8, 0xff),
            bytes(0x89, 'P', 'N', 'G'),
            bytes('G', 'I', 'F', '8'),
            bytes('B', 'M'),
            bytes('I', 'I', 42, 0),
            bytes('M', 'M', 0, 42));

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
            return nothing(row, State.ABSENT, "put the data set into " + row.folder(root));
        }
        try {
            return examined(row, row.open(root, order), depth);
        } catch (DatasetException | BadFile e) {
            return nothing(row, State.UNUSABLE, e.getMessage());
        }
    }

    private static Result nothing(DatasetRow row, State state, String advice) {
        return new Result(
                row.name(),
                state,
                new Count(0, row.size().train()),
                new Count(0, row.size().test()),
                List.of(),
                List.of(),
                advice);
    }

    private static Result examined(DatasetRow row, Dataset dataset, Depth depth) {
        List<Finding> train = findings(dataset.train(), depth);
        List<Finding> test = findings(dataset.test(), depth);
        List<String> missing = ids(dataset, train, test, Finding.MISSING);
        List<String> unreadable = ids(dataset, train, test, Finding.UNREADABLE);
        Count trainCount = new Count(count(train), row.size().train());
        Count testCount = new Count(count(test), row.size().test());
        boolean whole = trainCount.found() == trainCount.expected() && testCount.found() == testCount.expected();
        State state =
                !missing.isEmpty() || !unreadable.isEmpty() ? State.DAMAGED : whole ? State.COMPLETE : State.READABLE;
        return new Result(row.name(), state, trainCount, testCount, missing, unreadable, advice(missing, unreadable));
    }

    private static String advice(List<String> missing, List<String> unreadable) {
        if (!missing.isEmpty()) {
            return "unpack it again: no " + missing.get(0) + (missing.size() > 1 ? " and others" : "");
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
            byte[] start = in.readNBytes(4);
            return IMAGE_STARTS.stream()
                    .anyMatch(known -> start.length >= known.length
                            && Arrays.equals(known, 0, known.length, start, 0, known.length));
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

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
