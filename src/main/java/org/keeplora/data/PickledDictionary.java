package org.keeplora.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A pickle whose value is a dictionary with text keys.
 *
 * @param file where it lies
 * @param entries values as {@link PickleReader} gives them
 */
record PickledDictionary(Path file, Map<?, ?> entries) {
    /** @throws DatasetException when it is missing, damaged, or holds what {@link PickleReader} does not allow */
    static PickledDictionary read(Path file) {
        try {
            Object value = new PickleReader(file, ByteBuffer.wrap(Files.readAllBytes(file))).read();
            if (value instanceof Map<?, ?> entries) {
                return new PickledDictionary(file, entries);
            }
            throw new DatasetException(file + ": the pickle holds no dictionary; unpack the data set again");
        } catch (NoSuchFileException e) {
            throw new DatasetException(file + ": file not found; unpack the data set again", e);
        } catch (IOException e) {
            throw new DatasetException(
                    "%s: cannot be read (%s); check permissions".formatted(file, DatasetException.reason(e)), e);
        }
    }

    /** A list of texts. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (Object value : list(key)) {
            if (!(value instanceof String || value instanceof ByteBuffer)) {
                throw damaged("%s holds %s where text should be".formatted(key, value));
            }
            texts.add(text(value));
        }
        return texts;
    }

    /** A list of whole numbers. */
    int[] integers(String key) {
        List<?> values = list(key);
        int[] integers = new int[values.size()];
        for (int i = 0; i < integers.length; i++) {
            if (!(values.get(i) instanceof Integer number)) {
                throw damaged("%s holds %s where a number should be".formatted(key, values.get(i)));
            }
            integers[i] = number;
        }
        return integers;
    }

    /** The bytes of a numpy array of unsigned bytes, row-major; a new copy. */
    byte[] bytes(String key) {
        if (!(entries.get(key) instanceof PickledArray array)) {
            throw damaged("\"%s\" is not there or no array".formatted(key));
        }
        return array.bytes();
    }

    DatasetException damaged(String what) {
        return new DatasetException("%s: %s; unpack the data set again".formatted(file, what));
    }

    /** Text as Python 3 stores it, or a byte string of Python 2 read as Latin-1. */
    static String text(Object value) {
        return value instanceof ByteBuffer bytes
                ? new String(copy(bytes), StandardCharsets.ISO_8859_1)
                : String.valueOf(value);
    }

    private static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private List<?> list(String key) {
        if (entries.get(key) instanceof List<?> list) {
            return list;
        }
        throw damaged("\"%s\" is not there or no list".formatted(key));
    }
}
