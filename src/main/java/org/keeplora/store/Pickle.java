package org.keeplora.store;

import java.math.BigInteger;
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
import java.util.function.Predicate;

/**
 * Reads Python's pickle format as plain data and executes nothing: a call is kept as a {@link Call}, and a global that the caller
 * does not allow ends the reading.
 *
 * <p>Results are null, Boolean, Long, Double, String (byte strings too, one char a byte), List, Map, {@link Global}, {@link Call} and
 * {@link Persistent}. Protocols 2 to 4, without what the files we read never use.
 */
public final class Pickle {
    /** A class or function by name. */
    public record Global(String module, String name) {
        @Override
        public String toString() {
            return module + "." + name;
        }
    }

    /** An object outside the pickle, by what identifies it. */
    public record Persistent(Object id) {}

    /** What calling {@code callee} would give, and the state set on it afterwards (null if none). */
    public static final class Call {
        private final Global callee;
        private final List<?> arguments;
        private Object state;

        private Call(Global callee, List<?> arguments) {
            this.callee = callee;
            this.arguments = arguments;
        }

        public Global callee() {
            return callee;
        }

        public List<?> arguments() {
            return arguments;
        }

        public Object state() {
            return state;
        }
    }

    private static final Object MARK = new Object();
    private static final Global ORDERED_DICT = new Global("collections", "OrderedDict");

    private final Path file;
    private final ByteBuffer bytes;
    private final Predicate<Global> allowed;
    private final List<Object> stack = new ArrayList<>();
    private final Map<Long, Object> memo = new HashMap<>();

    private Pickle(Path file, byte[] bytes, Predicate<Global> allowed) {
        this.file = file;
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        this.allowed = allowed;
    }

    /**
     * The one object that {@code bytes} hold.
     *
     * @param file for messages
     * @param allowed globals that may appear, beside OrderedDict
     * @throws BadFile naming the offset and what was met there
     */
    public static Object read(Path file, byte[] bytes, Predicate<Global> allowed) {
        Pickle pickle = new Pickle(file, bytes, allowed);
        try {
            return pickle.run();
        } catch (BufferUnderflowException | IndexOutOfBoundsException | ClassCastException e) {
            throw new BadFile(
                    file, "pickle damaged at offset " + pickle.bytes.position() + "; fetch the file again", e);
        }
    }

    private Object run() {
        while (true) {
            int offset = bytes.position();
            int opcode = bytes.get() & 0xff;
            if (opcode == '.') {
                return pop();
            }
            if (!constant(opcode) && !container(opcode) && !reference(opcode) && !object(opcode)) {
                throw new BadFile(file, "pickle offset %d: opcode 0x%02x is not supported".formatted(offset, opcode));
            }
        }
    }

    private boolean constant(int opcode) {
        switch (opcode) {
            case 0x80 -> bytes.get(); // protocol
            case 0x95 -> bytes.getLong(); // frame
            case 'N' -> push(null);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'J' -> push((long) bytes.getInt());
            case 'K' -> push((long) (bytes.get() & 0xff));
            case 'M' -> push((long) (bytes.getShort() & 0xffff));
            case 0x8a -> push(new BigInteger(reversed(take(bytes.get() & 0xff))).longValueExact());
            case 'G' -> push(bytes.order(ByteOrder.BIG_ENDIAN).getDouble());
            case 'U', 'C' -> push(latin(bytes.get() & 0xff));
            case 'T', 'B' -> push(latin(bytes.getInt()));
            case 0x8c -> push(new String(take(bytes.get() & 0xff), StandardCharsets.UTF_8));
            case 'X' -> push(new String(take(bytes.getInt()), StandardCharsets.UTF_8));
            default -> {
                return false;
            }
        }
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        return true;
    }

    private boolean container(int opcode) {
        switch (opcode) {
            case '(' -> push(MARK);
            case '}' -> push(new LinkedHashMap<>());
            case ']' -> push(new ArrayList<>());
            case ')' -> push(List.of());
            case 't' -> push(popToMark());
            case 0x85 -> push(popped(1));
            case 0x86 -> push(popped(2));
            case 0x87 -> push(popped(3));
            case 'a' -> {
                Object item = pop();
                list().add(item);
            }
            case 'e' -> {
                List<Object> items = popToMark();
                list().addAll(items);
            }
            case 's' -> {
                List<Object> entry = popped(2);
                map().put(entry.get(0), entry.get(1));
            }
            case 'u' -> {
                List<Object> entries = popToMark();
                for (int i = 0; i < entries.size(); i += 2) {
                    map().put(entries.get(i), entries.get(i + 1));
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean reference(int opcode) {
        switch (opcode) {
            case 'q' -> memo.put((long) (bytes.get() & 0xff), top());
            case 'r' -> memo.put(bytes.getInt() & 0xffffffffL, top());
            case 0x94 -> memo.put((long) memo.size(), top());
            case 'h' -> push(remembered(bytes.get() & 0xff));
            case 'j' -> push(remembered(bytes.getInt() & 0xffffffffL));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean object(int opcode) {
        switch (opcode) {
            case 'c' -> push(global(line(), line()));
            case 0x93 -> {
                List<Object> names = popped(2);
                push(global((String) names.get(0), (String) names.get(1)));
            }
            case 'R', 0x81 -> {
                List<?> arguments = (List<?>) pop();
                Global callee = (Global) pop();
                push(callee.equals(ORDERED_DICT) ? new LinkedHashMap<>() : new Call(callee, arguments));
            }
            case 'b' -> {
                Object state = pop();
                if (top() instanceof Call call) { // what is set on an ordered dictionary is of no use to a reader
                    call.state = state;
                }
            }
            case 'Q' -> push(new Persistent(pop()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private Global global(String module, String name) {
        Global global = new Global(module, name);
        if (!global.equals(ORDERED_DICT) && !allowed.test(global)) {
            throw new BadFile(
                    file,
                    "pickle offset %d: refers to %s, which is not data; the file is not what it should be"
                            .formatted(bytes.position(), global));
        }
        return global;
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object pop() {
        return stack.remove(stack.size() - 1);
    }

    private Object top() {
        return stack.get(stack.size() - 1);
    }

    private List<Object> popped(int count) {
        List<Object> tail = stack.subList(stack.size() - count, stack.size());
        List<Object> values = new ArrayList<>(tail);
        tail.clear();
        return values;
    }

    private List<Object> popToMark() {
        int from = stack.lastIndexOf(MARK);
        List<Object> items = popped(stack.size() - from - 1);
        pop();
        return items;
    }

    @SuppressWarnings("unchecked")
    private List<Object> list() {
        return (List<Object>) top();
    }

    @SuppressWarnings("unchecked")
    private Map<Object, Object> map() {
        return (Map<Object, Object>) top();
    }

    private Object remembered(long key) {
        if (!memo.containsKey(key)) {
            throw new BadFile(file, "pickle offset %d: refers to nothing seen before".formatted(bytes.position()));
        }
        return memo.get(key);
    }

    private byte[] take(int length) {
        if (length < 0 || length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] taken = new byte[length];
        bytes.get(taken);
        return taken;
    }

    private String latin(int length) {
        return new String(take(length), StandardCharsets.ISO_8859_1);
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        for (byte b = bytes.get(); b != '\n'; b = bytes.get()) {
            line.append((char) b);
        }
        return line.toString();
    }

    private static byte[] reversed(byte[] littleEndian) {
        byte[] reversed = new byte[Math.max(1, littleEndian.length)];
        for (int i = 0; i < littleEndian.length; i++) {
            reversed[reversed.length - 1 - i] = littleEndian[i];
        }
        return reversed;
    }
}
