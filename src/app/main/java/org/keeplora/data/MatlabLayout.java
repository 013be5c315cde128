package org.keeplora.data;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Checks the sizes that a MATLAB 5 file states, before a library allocates memory for them. Every element must lie
 * within the one that contains it, and every array must have as many values as its dimensions say. Source: MathWorks,
 * "MAT-File Format".
 */
final class MatlabLayout {
    /**
     * Limit in bytes for the file, and for its unpacked content; the largest known, with 8,144 annotations, unpacks to
     * 8 MB.
     */
    static final int MOST_BYTES = 64 << 20;

    private static final int HEADER = 128;
    private static final int SUBSYSTEM_OFFSET = 116;
    private static final int BYTE_ORDER_MARK = 126;
    private static final int MATRIX = 14;
    private static final int COMPRESSED = 15;
    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 2, 4, 4, 4, 0, 8, 0, 0, 8, 8, 0, 0, 1, 2, 4};
    private static final int CELL = 1;
    private static final int STRUCT = 2;
    private static final int CHARACTERS = 4;
    private static final int FIRST_NUMBERS = 6;
    private static final int LAST_NUMBERS = 15;
    private static final int COMPLEX = 0x800;
    private static final int TAG = 8;
    private static final int MOST_LEVELS = 16;
    private static final int MOST_FIELDS = 1_000;

    private final Path path;
    private final ByteBuffer bytes;
    /** Where the current element begins, for messages: an offset in the file. */
    private int root;

    private MatlabLayout(Path path, ByteBuffer bytes) {
        this.path = path;
        this.bytes = bytes;
    }

    /** The tag of an element; a {@code packed} tag contains its data, up to 4 bytes. */
    private record Tag(int type, int length, boolean packed) {
        int values() {
            return length / Math.max(1, TYPE_BYTES[type]);
        }
    }

    /**
     * The file with its compressed elements unpacked, and without the undocumented part for classes.
     *
     * @throws DatasetException naming the offset of the faulty element
     */
    static byte[] unpacked(Path path, byte[] file) {
        if (file.length < HEADER) {
            throw new DatasetException(
                    path + ": not a valid MATLAB 5 file, it has only " + file.length + " bytes; download it again");
        }
        boolean little = file[BYTE_ORDER_MARK] == 'I' && file[BYTE_ORDER_MARK + 1] == 'M';
        ByteOrder order = little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        MatlabLayout layout =
                new MatlabLayout(path, ByteBuffer.wrap(file).order(order).position(HEADER));
        ByteArrayOutputStream plain = new ByteArrayOutputStream(file.length);
        plain.write(file, 0, SUBSYSTEM_OFFSET);
        plain.writeBytes(new byte[TAG]);
        plain.write(file, BYTE_ORDER_MARK - 2, 4);
        while (layout.bytes.hasRemaining()) {
            plain.writeBytes(layout.nextRoot(MOST_BYTES - plain.size()));
        }
        return plain.toByteArray();
    }

    private byte[] nextRoot(int room) {
        root = bytes.position();
        try {
            Tag tag = tag(bytes);
            byte[] element = new byte[tag.length + (tag.type == MATRIX ? TAG : 0)];
            bytes.position(tag.type == MATRIX ? root : bytes.position()).get(element);
            if (tag.type == COMPRESSED) {
                element = inflated(element, room);
            } else if (tag.type != MATRIX) {
                throw damaged("element of type %d where an array should be", tag.type);
            }
            ByteBuffer array = ByteBuffer.wrap(element).order(bytes.order());
            requireArray(array, 0);
            if (array.hasRemaining()) {
                throw damaged("%d bytes too many in an array", array.remaining());
            }
            return element;
        } catch (BufferUnderflowException e) {
            throw damaged("an element reaches beyond the one that contains it: cut short");
        }
    }

    private byte[] inflated(byte[] packed, int room) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(packed);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] chunk = new byte[1 << 16];
            while (!inflater.finished()) {
                int length = inflater.inflate(chunk);
                if (length == 0 && !inflater.finished()) {
                    throw damaged("a compressed element is cut short");
                }
                if (out.size() + length > room) {
                    throw damaged("unpacks to more than %d bytes", MOST_BYTES);
                }
                out.write(chunk, 0, length);
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw damaged("a compressed element is damaged (%s)", e.getMessage());
        } finally {
            inflater.end();
        }
    }

    private Tag tag(ByteBuffer in) {
        int word = in.getInt();
        boolean packed = word >>> 16 != 0;
        Tag tag = packed ? new Tag(word & 0xffff, word >>> 16, true) : new Tag(word, in.getInt(), false);
        if (tag.type < 1 || tag.type >= TYPE_BYTES.length || packed && tag.length > 4) {
            throw damaged("no element begins with 0x%08x", word);
        }
        if (tag.length < 0 || tag.length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        return tag;
    }

    /** Moves {@code in} beyond the rest of an element's data and its padding. */
    private static void skip(ByteBuffer in, Tag tag, int taken) {
        int padding = tag.packed ? 4 - tag.length : (TAG - tag.length % TAG) % TAG;
        long end = (long) in.position() + tag.length - taken + padding;
        if (end > in.limit()) {
            throw new BufferUnderflowException();
        }
        in.position((int) end);
    }

    private void requireArray(ByteBuffer in, int level) {
        Tag tag = tag(in);
        if (tag.type != MATRIX || level > MOST_LEVELS) {
            throw damaged(
                    tag.type == MATRIX
                            ? "arrays are nested deeper than %2$d levels"
                            : "element of type %1$d where an array should be",
                    tag.type,
                    MOST_LEVELS);
        }
        int end = in.position() + tag.length;
        if (tag.length == 0) {
            return;
        }
        int limit = in.limit();
        in.limit(end);
        Tag flagsTag = tag(in);
        int flags = in.getInt();
        skip(in, flagsTag, 4);
        long elements = dimensions(in);
        skip(in, tag(in), 0); // the array's name
        requireContent(in, flags, elements, level);
        if (in.position() != end) {
            throw damaged("%d bytes too many in an array", end - in.position());
        }
        in.limit(limit);
    }

    private void requireContent(ByteBuffer in, int flags, long elements, int level) {
        int kind = flags & 0xff;
        if (kind == CELL) {
            requireNested(in, elements, level);
        } else if (kind == STRUCT) {
            Tag lengthTag = tag(in);
            int nameLength = in.getInt();
            skip(in, lengthTag, 4);
            Tag names = tag(in);
            skip(in, names, 0);
            if (nameLength < 1 || nameLength > names.length && names.length > 0) {
                throw damaged("names of %d letters in %d bytes", nameLength, names.length);
            }
            int fields = names.length / nameLength;
            if (fields > MOST_FIELDS) {
                throw damaged("a struct of %d fields; at most %d are read", fields, MOST_FIELDS);
            }
            requireNested(in, elements * fields, level);
        } else if (kind == CHARACTERS || kind >= FIRST_NUMBERS && kind <= LAST_NUMBERS) {
            for (int parts = (flags & COMPLEX) == 0 ? 1 : 2; parts > 0; parts--) {
                Tag values = tag(in);
                skip(in, values, 0);
                if (values.values() < elements) {
                    throw damaged("an array of %d elements has %d values", elements, values.values());
                }
            }
        } else {
            throw damaged("an array of kind %d, which no data set has", kind);
        }
    }

    private void requireNested(ByteBuffer in, long elements, int level) {
        if (elements > in.remaining() / TAG) {
            throw damaged("an array of %d elements in %d bytes", elements, in.remaining());
        }
        for (long i = 0; i < elements; i++) {
            requireArray(in, level + 1);
        }
    }

    private long dimensions(ByteBuffer in) {
        Tag tag = tag(in);
        long elements = 1;
        for (int read = 0; read < tag.length / Integer.BYTES; read++) {
            int size = in.getInt();
            elements *= size;
            if (size < 0 || elements > MOST_BYTES) {
                throw damaged("an array with a dimension of %d", size);
            }
        }
        skip(in, tag, tag.length / Integer.BYTES * Integer.BYTES);
        return elements;
    }

    private DatasetException damaged(String what, Object... values) {
        return new DatasetException(path + ": not a valid MATLAB 5 file, offset " + root + ": "
                + String.format(Locale.ROOT, what, values) + "; download it again");
    }
}
