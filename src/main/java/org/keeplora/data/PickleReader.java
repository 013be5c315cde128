package org.keeplora.data;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads Python pickles of protocols 2 and 3 that hold dictionaries, lists, tuples, texts, whole numbers and numpy
 * arrays of unsigned bytes with one or two dimensions.
 *
 * <p>Executes nothing: a global is looked up in a list of four and only stands for what this class does itself. Every
 * other opcode or global is an error.
 */
final class PickleReader {
    /** Names that a pickle may mention, and what each stands for. */
    private enum Global {
        RECONSTRUCT,
        ARRAY,
        ELEMENT_TYPE,
        ENCODE
    }

    private static final Map<String, Global> ALLOWED = Map.of(
            "numpy.core.multiarray._reconstruct", Global.RECONSTRUCT,
            "numpy._core.multiarray._reconstruct", Global.RECONSTRUCT,
            "numpy.ndarray", Global.ARRAY,
            "numpy.dtype", Global.ELEMENT_TYPE,
            "_codecs.encode", Global.ENCODE);
    private static final Object MARK = new Object();
    private static final int NEWEST_PROTOCOL = 3;
    private static final int STATE_WORDS = 5;

    private final Path file;
    private final ByteBuffer in;
    private final List<Object> stack = new ArrayList<>();
    private final Map<Integer, Object> memo = new HashMap<>();
    private int at;

    /** @param file only named in errors */
    PickleReader(Path file, ByteBuffer in) {
        this.file = file;
        this.in = in.order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The pickled value: Map, List (also for tuples), String, ByteBuffer (byte strings), Integer, Boolean, null, {@link
     * PickledArray}. Keys of dictionaries are Strings.
     *
     * @throws DatasetException naming file, offset and the opcode or global that is not allowed, or the damage
     */
    Object read() {
        try {
            while (true) {
                at = in.position();
                int opcode = in.get() & 0xff;
                if (opcode == '.') {
                    return pop();
                }
                execute(opcode);
            }
        } catch (BufferUnderflowException e) {
            throw damaged("the file is cut short");
        }
    }

    private void execute(int opcode) {
        switch (opcode) {
            case 0x80 -> protocol(in.get());
            case 'N' -> stack.add(null);
            case 0x88 -> stack.add(true);
            case 0x89 -> stack.add(false);
            case 'K' -> stack.add(in.get() & 0xff);
            case 'M' -> stack.add(in.getShort() & 0xffff);
            case 'J' -> stack.add(in.getInt());
            case 'U', 'C' -> stack.add(slice(in.get() & 0xff));
            case 'T', 'B' -> stack.add(slice(in.getInt()));
            case 'X' ->
                stack.add(StandardCharsets.UTF_8.decode(slice(in.getInt())).toString());
            case ']', ')' -> stack.add(new ArrayList<>());
            case '}' -> stack.add(new LinkedHashMap<String, Object>());
            case '(' -> stack.add(MARK);
            case 't' -> stack.add(sinceMark());
            case 0x85, 0x86, 0x87 -> stack.add(last(opcode - 0x84));
            case 'a' -> append(last(1));
            case 'e' -> append(sinceMark());
            case 's' -> put(last(2));
            case 'u' -> put(sinceMark());
            case 'q' -> memo.put(in.get() & 0xff, top());
            case 'r' -> memo.put(in.getInt(), top());
            case 'h' -> stack.add(remembered(in.get() & 0xff));
            case 'j' -> stack.add(remembered(in.getInt()));
            case 'c' -> stack.add(global(line() + "." + line()));
            case 'R' -> reduce();
            case 'b' -> build();
            default -> throw damaged("opcode 0x%02x is not allowed".formatted(opcode));
        }
    }

    private void protocol(int version) {
        if (version > NEWEST_PROTOCOL) {
            throw damaged("pickle protocol %d, newest known is %d".formatted(version, NEWEST_PROTOCOL));
        }
    }

    private Global global(String name) {
        Global global = ALLOWED.get(name);
        if (global == null) {
            throw damaged("global %s is not allowed".formatted(name));
        }
        return global;
    }

    private void reduce() {
        List<?> arguments = expect(List.class, pop());
        Global callee = expect(Global.class, pop());
        switch (callee) {
            case RECONSTRUCT -> stack.add(new PickledArray());
            case ELEMENT_TYPE -> stack.add(elementType(arguments));
            case ENCODE -> stack.add(encoded(arguments));
            case ARRAY -> throw damaged("numpy.ndarray is called; only its content may follow");
        }
    }

    private PickledArray.ElementType elementType(List<?> arguments) {
        String code = arguments.isEmpty() ? "" : PickledDictionary.text(arguments.get(0));
        if (!code.equals("u1") && !code.equals("|u1")) {
            throw damaged("array of \"%s\", only unsigned bytes (u1) are known".formatted(code));
        }
        return PickledArray.ElementType.UNSIGNED_BYTE;
    }

    /** Python 3's way to write a byte string under protocol 2. */
    private ByteBuffer encoded(List<?> arguments) {
        if (arguments.size() != 2 || !PickledDictionary.text(arguments.get(1)).equals("latin1")) {
            throw damaged("_codecs.encode needs a text and latin1 but got " + arguments.size() + " arguments");
        }
        return ByteBuffer.wrap(expect(String.class, arguments.get(0)).getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Gives an array its content: (version, shape, element type, column-major?, bytes). An element type has no more to say. */
    private void build() {
        List<?> state = expect(List.class, pop());
        if (top() instanceof PickledArray.ElementType) {
            return;
        }
        PickledArray array = expect(PickledArray.class, top());
        if (state.size() != STATE_WORDS || !(state.get(2) instanceof PickledArray.ElementType)) {
            throw damaged("an array needs version, shape, type, order and bytes");
        }
        ByteBuffer content = expect(ByteBuffer.class, state.get(4));
        array.fill(
                shape(expect(List.class, state.get(1)), content.remaining()),
                expect(Boolean.class, state.get(3)),
                content);
    }

    private List<Integer> shape(List<?> sizes, int bytes) {
        List<Integer> shape = new ArrayList<>();
        long product = 1;
        for (Object size : sizes) {
            shape.add(expect(Integer.class, size));
            product *= shape.get(shape.size() - 1);
        }
        if (shape.isEmpty() || shape.size() > 2 || product != bytes) {
            throw damaged("an array of shape %s but %d bytes".formatted(shape, bytes));
        }
        return shape;
    }

    @SuppressWarnings("unchecked") // only this class makes lists, and all of Object
    private void append(List<Object> values) {
        ((List<Object>) expect(List.class, top())).addAll(values);
    }

    @SuppressWarnings("unchecked") // only this class makes maps, and all from String to Object
    private void put(List<Object> pairs) {
        Map<String, Object> entries = expect(Map.class, top());
        if (pairs.size() % 2 != 0) {
            throw damaged("a key without a value");
        }
        for (int i = 0; i < pairs.size(); i += 2) {
            entries.put(PickledDictionary.text(pairs.get(i)), pairs.get(i + 1));
        }
    }

    private Object remembered(int key) {
        if (!memo.containsKey(key)) {
            throw damaged("refers to value %d, which was not stored".formatted(key));
        }
        return memo.get(key);
    }

    private List<Object> sinceMark() {
        int mark = stack.lastIndexOf(MARK);
        if (mark < 0) {
            throw damaged("no start of the group that ends here");
        }
        List<Object> values = new ArrayList<>(stack.subList(mark + 1, stack.size()));
        stack.subList(mark, stack.size()).clear();
        return values;
    }

    private List<Object> last(int count) {
        if (stack.size() < count) {
            throw damaged("needs %d values but there are %d".formatted(count, stack.size()));
        }
        List<Object> tail = stack.subList(stack.size() - count, stack.size());
        List<Object> values = new ArrayList<>(tail);
        tail.clear();
        return values;
    }

    private Object pop() {
        return last(1).get(0);
    }

    private Object top() {
        if (stack.isEmpty()) {
            throw damaged("needs a value but there is none");
        }
        return stack.get(stack.size() - 1);
    }

    private <T> T expect(Class<T> type, Object value) {
        if (!type.isInstance(value)) {
            throw damaged("expected %s but found %s"
                    .formatted(
                            type.getSimpleName(),
                            value == null ? "nothing" : value.getClass().getSimpleName()));
        }
        return type.cast(value);
    }

    private ByteBuffer slice(int length) {
        if (length < 0 || length > in.remaining()) {
            throw damaged("a string of %d bytes but %d are left".formatted(length, in.remaining()));
        }
        ByteBuffer slice = in.slice(in.position(), length);
        in.position(in.position() + length);
        return slice;
    }

    private String line() {
        StringBuilder text = new StringBuilder();
        for (byte next = in.get(); next != '\n'; next = in.get()) {
            text.append((char) (next & 0xff));
        }
        return text.toString();
    }

    private DatasetException damaged(String what) {
        return new DatasetException("%s: not a pickle of this data set, offset %d: %s; unpack the data set again"
                .formatted(file, at, what));
    }
}
