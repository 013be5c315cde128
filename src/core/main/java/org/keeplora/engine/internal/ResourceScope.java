package org.keeplora.engine.internal;

import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;

/**
 * Closes the resources it holds when it is closed, the last first. One {@code try} serves for the lists of matrices
 * that a step makes.
 *
 * <p>Several threads may add to a scope; only one may use it when it is closed.
 */
public final class ResourceScope implements AutoCloseable {
    private final Deque<AutoCloseable> held = new ConcurrentLinkedDeque<>();

    /** An empty scope. */
    public ResourceScope() {}

    /** Holds a resource and returns it. */
    public <T extends AutoCloseable> T keep(T resource) {
        held.push(resource);
        return resource;
    }

    /** Holds every element of a list and returns the list. */
    public <T extends AutoCloseable> List<T> keep(List<T> resources) {
        resources.forEach(held::push);
        return resources;
    }

    /**
     * The result of {@code making}, which keeps in the scope what it makes, from one thread or several. All of that is
     * closed if it fails, and is the receiver's if it succeeds.
     */
    public static <R> R handOver(Function<ResourceScope, R> making) {
        try (ResourceScope made = new ResourceScope()) {
            R result = making.apply(made);
            made.held.clear();
            return result;
        }
    }

    /**
     * Closes everything, even if closing one resource fails; further failures are suppressed in the first.
     *
     * @throws IllegalStateException if closing a resource threw a checked exception, which is its cause
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
