package org.keeplora.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Closes what it was given when it is closed itself, the last first: one {@code try} for the lists of matrices that a
 * step makes.
 *
 * <p>Not thread-safe: one scope belongs to one thread.
 */
public final class Scope implements AutoCloseable {
    private final Deque<AutoCloseable> held = new ArrayDeque<>();

    /** Holds nothing yet. */
    public Scope() {}

    /** The resource itself. */
    public <T extends AutoCloseable> T keep(T resource) {
        held.push(resource);
        return resource;
    }

    /** The list itself, each of whose elements is closed with this scope. */
    public <T extends AutoCloseable> List<T> keep(List<T> resources) {
        resources.forEach(held::push);
        return resources;
    }

    /**
     * Closes everything, also where closing one of them fails; further failures are suppressed in the first.
     *
     * @throws IllegalStateException where closing one threw a checked exception, which is its cause
     */
    @Override
    public void close() {
        RuntimeException failure = null;
        while (!held.isEmpty()) {
            try {
                held.pop().close();
            } catch (Exception e) {
                RuntimeException next = e instanceof RuntimeException unchecked
                        ? unchecked
                        : new IllegalStateException("a resource of a scope could not be closed", e);
                if (failure == null) {
                    failure = next;
                } else {
                    failure.addSuppressed(next);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
