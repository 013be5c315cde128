package org.keeplora.store;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The arrays of another source whose names begin with a common prefix, under their names without it. */
public final class ArraysBelow implements ArraySource {
    private final ArraySource whole;
    private final Map<String, String> fullNames = new TreeMap<>();

    /** @param names arrays of {@code whole}; each name begins with {@code prefix} */
    public ArraysBelow(ArraySource whole, String prefix, Collection<String> names) {
        this.whole = whole;
        names.forEach(name -> fullNames.put(name.substring(prefix.length()), name));
    }

    @Override
    public Path file() {
        return whole.file();
    }

    @Override
    public Set<String> names() {
        return fullNames.keySet();
    }

    @Override
    public ElementFormat format(String name) {
        return whole.format(full(name));
    }

    @Override
    public long[] shape(String name) {
        return whole.shape(full(name));
    }

    @Override
    public NamedArray get(String name) {
        return whole.get(full(name));
    }

    private String full(String name) {
        return fullNames.getOrDefault(name, name);
    }
}
