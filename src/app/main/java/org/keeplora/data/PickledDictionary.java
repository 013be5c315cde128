package org.keeplora.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.keeplora.store.Pickle;
import org.keeplora.store.UserError;
import org.keeplora.store.WholeFile;

/**
 * A Python pickle that holds a dictionary from strings to strings, integers and numpy arrays of unsigned bytes.
 *
 * @param file the pickle's file
 * @param entries values as {@link Pickle} returns them
 */
record PickledDictionary(Path file, Map<?, ?> entries) {
    private static final Pickle.Global ENCODE = new Pickle.Global("_codecs", "encode");
    private static final Pickle.Global ELEMENT_TYPE = new Pickle.Global("numpy", "dtype");
    private static final Set<Pickle.Global> RECONSTRUCT = Set.of(
            new Pickle.Global("numpy.core.multiarray", "_reconstruct"),
            new Pickle.Global("numpy._core.multiarray", "_reconstruct"));
    /** Python 3 writes a byte string in protocol 2 as a string to be encoded. */
    private static final Set<Pickle.Global> OTHERS =
            Set.of(new Pickle.Global("numpy", "ndarray"), ELEMENT_TYPE, ENCODE);

    private static final Set<String> UNSIGNED_BYTE = Set.of("u1", "|u1");
    private static final int STATE_WORDS = 5;
    private static final int MOST_DIMENSIONS = 3;
    /** Limit for a pickle; CIFAR-100's training half has 155 MB. */
    private static final int MOST_BYTES = 512 << 20;

    /** @throws UserError in one line when it is missing, damaged, or refers to anything but arrays */
    static PickledDictionary read(Path file) {
        try {
            Object value = Pickle.read(
                    file,
                    WholeFile.bytes(file, MOST_BYTES),
                    global -> RECONSTRUCT.contains(global) || OTHERS.contains(global));
            if (value instanceof Map<?, ?> entries) {
                return new PickledDictionary(file, entries);
            }
            throw new DatasetException(file + ": the pickle holds no dictionary; unpack the data set again");
        } catch (NoSuchFileException e) {
            throw new DatasetException(file + ": file not found; unpack the data set again", e);
        } catch (IOException e) {
            throw new DatasetException(
                    file + ": cannot be read (" + DatasetException.reason(e) + "); check permissions", e);
        }
    }

    /** The list of strings at {@code key}. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (Object value : list(key)) {
            texts.add(text(key, value));
        }
        return texts;
    }

    /** The list of integers at {@code key}. */
    int[] integers(String key) {
        List<?> values = list(key);
        int[] integers = new int[values.size()];
        for (int i = 0; i < integers.length; i++) {
            if (!(values.get(i) instanceof Long number && number == number.intValue())) {
                throw damaged(key + " holds " + kind(values.get(i)) + " where a number should be");
            }
            integers[i] = number.intValue();
        }
        return integers;
    }

    private List<?> list(String key) {
        if (entries.get(key) instanceof List<?> list) {
            return list;
        }
        throw damaged(String.format(Locale.ROOT, "\"%s\" is missing or not a list", key));
    }

    /** The bytes of the numpy array of one or two dimensions at {@code key}, row-major; a new copy. */
    byte[] bytes(String key) {
        if (!(entries.get(key) instanceof Pickle.Call array
                && RECONSTRUCT.contains(array.callee())
                && array.state() instanceof List<?> state
                && state.size() == STATE_WORDS
                && state.get(1) instanceof List<?> shape
                && state.get(2) instanceof Pickle.Call type
                && type.callee().equals(ELEMENT_TYPE)
                && !type.arguments().isEmpty()
                && state.get(3) instanceof Boolean columnMajor)) {
            throw damaged(String.format(Locale.ROOT, "\"%s\" is missing or not an array", key));
        }
        String code = text(key, type.arguments().get(0));
        if (!UNSIGNED_BYTE.contains(code)) {
            throw damaged(String.format(
                    Locale.ROOT, "%s is an array of \"%s\"; only unsigned bytes (u1) are known", key, code));
        }
        byte[] content = text(key, state.get(4)).getBytes(StandardCharsets.ISO_8859_1);
        int[] sizes = sizes(key, shape, content.length);
        return columnMajor ? rowMajor(content, sizes[0]) : content;
    }

    private int[] sizes(String key, List<?> shape, int length) {
        int[] sizes = new int[Math.min(shape.size(), MOST_DIMENSIONS)];
        long product = 1;
        for (int i = 0; i < sizes.length; i++) {
            if (!(shape.get(i) instanceof Long size && size >= 0 && size <= MOST_BYTES)) {
                throw damaged(key + " is an array with a size of " + kind(shape.get(i)) + " but " + length + " bytes");
            }
            sizes[i] = size.intValue();
            product *= size;
        }
        if (sizes.length < 1 || sizes.length > 2 || product != length) {
            throw damaged(key + " is an array of shape " + Arrays.toString(sizes) + " but " + length + " bytes");
        }
        return sizes;
    }

    /** A value for a message; for containers only their kind, because they may contain themselves. */
    private static String kind(Object value) {
        if (value instanceof List) {
            return "a list";
        }
        if (value instanceof Map) {
            return "a dictionary";
        }
        return value instanceof String || value instanceof Number || value instanceof Boolean || value == null
                ? String.valueOf(value)
                : "an object";
    }

    private static byte[] rowMajor(byte[] columnMajor, int rows) {
        byte[] bytes = new byte[columnMajor.length];
        int columns = rows == 0 ? 0 : columnMajor.length / rows;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                bytes[row * columns + column] = columnMajor[column * rows + row];
            }
        }
        return bytes;
    }

    private String text(String key, Object value) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof Pickle.Call call
                && call.callee().equals(ENCODE)
                && call.arguments().size() == 2
                && call.arguments().get(0) instanceof String text
                && "latin1".equals(call.arguments().get(1))) {
            return text;
        }
        throw damaged(key + " holds " + kind(value) + " where text should be");
    }

    DatasetException damaged(String what) {
        return new DatasetException(file + ": " + what + "; unpack the data set again");
    }
}
