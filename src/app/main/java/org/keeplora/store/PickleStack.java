package org.keeplora.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The stack that a pickle's opcodes work on; marks separate groups of values.
 *
 * <p>Every method throws IndexOutOfBoundsException when the stack lacks the requested values, the mark, or a value of
 * the requested type.
 */
final class PickleStack {
    private static final Object MARK = new Object();

    private final List<Object> values = new ArrayList<>();

    void push(Object value) {
        values.add(value);
    }

    void mark() {
        values.add(MARK);
    }

    /** Removes and returns the top value. An Object may be null; any other type may not. */
    <T> T pop(Class<T> type) {
        T value = top(type);
        values.remove(values.size() - 1);
        return value;
    }

    <T> T top(Class<T> type) {
        Object value = values.get(values.size() - 1);
        if (value == MARK || !type.isInstance(value) && !(value == null && type == Object.class)) {
            throw new IndexOutOfBoundsException("no " + type.getSimpleName() + " on top");
        }
        return type.cast(value);
    }

    /** Removes and returns the top {@code count} values, the topmost last. */
    List<Object> popMany(int count) {
        List<Object> tail = values.subList(values.size() - count, values.size());
        List<Object> taken = new ArrayList<>(tail);
        tail.clear();
        if (taken.contains(MARK)) {
            throw new IndexOutOfBoundsException("a mark among the values");
        }
        return taken;
    }

    /** Removes the last mark and all values above it, and returns these values. */
    List<Object> popToMark() {
        int from = values.lastIndexOf(MARK);
        List<Object> items = popMany(values.size() - from - 1);
        values.remove(from);
        return items;
    }

    /** The list on top, left there; callers add to it. */
    @SuppressWarnings("unchecked")
    List<Object> list() {
        return top(List.class);
    }

    /** The dictionary on top, left there; callers add to it. */
    @SuppressWarnings("unchecked")
    Map<Object, Object> map() {
        return top(Map.class);
    }
}
