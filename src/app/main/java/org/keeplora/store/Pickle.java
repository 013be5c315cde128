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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads Python's pickle format as plain data and executes nothing. A call is kept as a {@link Call}; a global that the
 * caller does not allow is an error.
 *
 * <p>Results are null, Boolean, Long, Double, String (also for byte strings, one char a byte), List, Map, {@link
 * Global}, {@link Call} and {@link Persistent}; keys of a Map are null, Boolean, Long, Double or String. A List, Map or
 * Call may contain itself, and several may contain the same object, so code that follows them needs a limit. Supports
 * protocols 2 to 4, without opcodes that known files never use, and at most 4,000,000 opcodes.
 */
public final class Pickle {
    /** A Python class or function. */
    public record Global(String module, String name) {
        @Override
        public String toString() {
            return module + "." + name;
        }
    }

    /** An object stored outside the pickle, with its identifier. */
    public record Persistent(Object id) {}

    /** A call of {@code callee} that was not executed, and the state set on its result afterwards (null if none). */
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

    /** Each opcode makes at most one object; CIFAR-100's largest file has about 250,000. */
    private static final int MOST_OPCODES = 4_000_000;

    private static final Set<Class<?>> KEYS = Set.of(String.class, Long.class, Double.class, Boolean.class);
    private static final Global ORDERED_DICT = new Global("collections", "OrderedDict");

    private final Path file;
    private final ByteBuffer bytes;
    private final Predicate<Global> allowed;
    private final PickleStack stack = new PickleStack();
    private final Map<Long, Object> memo = new HashMap<>();

    private Pickle(Path file, byte[] bytes, Predicate<Global> allowed) {
        this.file = file;
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        this.allowed = allowed;
    }

    /**
     * The one object that {@code bytes} contain.
     *
     * @param file for messages
     * @param allowed the globals that may appear, besides OrderedDict
     * @throws BadFile naming the offset and what was found there
     */
    public static Object read(Path file, byte[] bytes, Predicate<Global> allowed) {
        Pickle pickle = new Pickle(file, bytes, allowed);
        try {
            return pickle.run();
        } catch (BufferUnderflowException | IndexOutOfBoundsException | ArithmeticException e) {
            throw pickle.damaged(e);
        }
    }

    private BadFile damaged(Exception cause) {
        return new BadFile(file, "pickle damaged at offset " + bytes.position() + "; fetch the file again", cause);
    }

    private Object run() {
        for (int count = 0; count < MOST_OPCODES; count++) {
            int offset = bytes.position();
            int opcode = bytes.get() & 0xff;
            if (opcode == '.') {
                return stack.pop(Object.class);
            }
            if (!constant(opcode) && !container(opcode) && !reference(opcode) && !object(opcode)) {
                throw new BadFile(
                        file,
                        String.format(
                                Locale.ROOT,
                                "pickle offset %d: opcode 0x%02x is not supported; is it the right file?",
                                offset,
                                opcode));
            }
        }
        throw new BadFile(file, "pickle has more than " + MOST_OPCODES + " opcodes; is it the right file?");
    }

    private boolean constant(int opcode) {
        switch (opcode) {
            case 0x80 -> bytes.get(); // protocol
            case 0x95 -> bytes.getLong(); // frame
            case 'N' -> stack.push(null);
            case 0x88 -> stack.push(true);
            case 0x89 -> stack.push(false);
            case 'J' -> stack.push((long) bytes.getInt());
            case 'K' -> stack.push((long) (bytes.get() & 0xff));
            case 'M' -> stack.push((long) (bytes.getShort() & 0xffff));
            case 0x8a -> stack.push(new BigInteger(reversed(take(bytes.get() & 0xff))).longValueExact());
            case 'G' -> stack.push(bytes.order(ByteOrder.BIG_ENDIAN).getDouble());
            case 'U', 'C' -> stack.push(latin(bytes.get() & 0xff));
            case 'T', 'B' -> stack.push(latin(bytes.getInt()));
            case 0x8c -> stack.push(new String(take(bytes.get() & 0xff), StandardCharsets.UTF_8));
            case 'X' -> stack.push(new String(take(bytes.getInt()), StandardCharsets.UTF_8));
            default -> {
                return false;
            }
        }
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        return true;
    }

    private boolean container(int opcode) {
        switch (opcode) {
            case '(' -> stack.mark();
            case '}' -> stack.push(new LinkedHashMap<>());
            case ']' -> stack.push(new ArrayList<>());
            case ')' -> stack.push(new ArrayList<>());
            case 't' -> stack.push(stack.popToMark());
            case 0x85 -> stack.push(stack.popMany(1));
            case 0x86 -> stack.push(stack.popMany(2));
            case 0x87 -> stack.push(stack.popMany(3));
            case 'a' -> {
                Object item = stack.pop(Object.class);
                stack.list().add(item);
            }
            case 'e' -> {
                List<Object> items = stack.popToMark();
                stack.list().addAll(items);
            }
            case 's' -> putAll(stack.popMany(2));
            case 'u' -> putAll(stack.popToMark());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void putAll(List<Object> entries) {
        for (int i = 0; i < entries.size(); i += 2) {
            Object key = entries.get(i);
            if (!(key == null || KEYS.contains(key.getClass()))) {
                throw new IndexOutOfBoundsException("a dictionary key of an unsupported type");
            }
            stack.map().put(key, entries.get(i + 1));
        }
    }

    private boolean reference(int opcode) {
        switch (opcode) {
            case 'q' -> memo.put((long) (bytes.get() & 0xff), stack.top(Object.class));
            case 'r' -> memo.put(bytes.getInt() & 0xffffffffL, stack.top(Object.class));
            case 0x94 -> memo.put((long) memo.size(), stack.top(Object.class));
            case 'h' -> stack.push(remembered(bytes.get() & 0xff));
            case 'j' -> stack.push(remembered(bytes.getInt() & 0xffffffffL));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean object(int opcode) {
        switch (opcode) {
            case 'c' -> stack.push(global(line(), line()));
            case 0x93 -> {
                String name = stack.pop(String.class);
                stack.push(global(stack.pop(String.class), name));
            }
            case 'R', 0x81 -> {
                List<?> arguments = stack.pop(List.class);
                Global callee = stack.pop(Global.class);
                stack.push(callee.equals(ORDERED_DICT) ? new LinkedHashMap<>() : new Call(callee, arguments));
            }
            case 'b' -> {
                Object state = stack.pop(Object.class);
                if (stack.top(Object.class)
                        instanceof Call call) { // attributes set on an ordered dictionary are not needed
                    call.state = state;
                }
            }
            case 'Q' -> stack.push(new Persistent(stack.pop(Object.class)));
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
                    "pickle offset " + bytes.position() + ": refers to " + global
                            + ", which is not plain data; give another file");
        }
        return global;
    }

    private Object remembered(long key) {
        if (!memo.containsKey(key)) {
            throw new BadFile(
                    file,
                    "pickle offset " + bytes.position()
                            + ": refers to an object that does not exist; fetch the file again");
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
