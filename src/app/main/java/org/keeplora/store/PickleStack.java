package org.keeplora.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The stack that a pickle's opcodes work on, with marks between values.
 *
 * <p>Every method throws IndexOutOfBoundsException when the stack does not hold what it is asked for: values, a mark,
 * one of a kind.
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

    /** The top, taken away; an Object may be null, everything else not. */
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

    /** The {@code count} values on top, the topmost last, taken away. */
    List<Object> popped(int count) {
        List<Object> tail = values.subList(values.size() - count, values.size());
        List<Object> taken = new ArrayList<>(tail);
        tail.clear();
        if (taken.contains(MARK)) {
            throw new IndexOutOfBoundsException("a mark among the values");
        }
        return taken;
    }

    /** All above the last mark, and the mark, taken away. */
    List<Object> popToMark() {
        int from = values.lastIndexOf(MARK);
        List<Object> items = popped(values.size() - from - 1);
        values.remove(from);
        return items;
    }

    /** The list on top, to be added to. */
    @SuppressWarnings("unchecked")
    List<Object> list() {
        return top(List.class);
    }

    /** The dictionary on top, to be added to. */
    @SuppressWarnings("unchecked")
    Map<Object, Object> map() {
        return top(Map.class);
    }
}
