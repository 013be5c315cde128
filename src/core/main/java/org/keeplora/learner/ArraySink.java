package org.keeplora.learner;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Require;
import org.keeplora.engine.internal.ResourceScope;

/**
 * Sums of what a trainer gives batch by batch, one sum for each name.
 *
 * <p>Several threads may add at once. A sum has the same bits if the terms of one name come in the same order.
 */
abstract sealed class ArraySink implements AutoCloseable permits Gradients, Inputs {
    final BatchLinalg linalg;
    private final String operation;
    private final Map<String, Sum> sums = new LinkedHashMap<>();
    /** Adding shares it; whoever reads all sums, or closes, has it alone. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    private boolean closed;

    /** The sum of one name. Adding to it takes its monitor. */
    static final class Sum {
        final String name;
        final int rows;
        final int cols;
        /** [rows x cols]; null before the first term. */
        private Matrix total;

        private long terms;

        Sum(String name, int rows, int cols) {
            this.name = name;
            this.rows = rows;
            this.cols = cols;
        }
    }

    ArraySink(BatchLinalg linalg, String operation) {
        this.linalg = linalg;
        this.operation = operation;
    }

    void expect(String name, int rows, int cols) {
        sums.put(name, new Sum(name, rows, cols));
    }

    abstract ElementType type();

    /** total ← total + the term that {@code values} give; {@code scope} closes what that takes. */
    abstract void add(Matrix total, Values values, ResourceScope scope);

    /**
     * Adds one batch.
     *
     * @param name of a site for gradients, of what it reads for inputs
     * @throws IllegalArgumentException naming {@code name} if it is unknown, or the values do not fit or are not finite
     */
    public void add(String name, Values values) {
        Require.that(values != null, "%s.add: %s: the values are null", operation, Names.shown(name));
        Sum sum = sum(name);
        lock.readLock().lock();
        try (ResourceScope scope = new ResourceScope()) {
            requireOpen();
            synchronized (sum) {
                if (sum.total == null) {
                    sum.total = linalg.zeros(sum.rows, sum.cols, type());
                }
                add(sum.total, values, scope);
                sum.terms++;
            }
        } catch (IllegalArgumentException e) {
            throw Names.about(operation + ".add: " + name, e);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The result of {@code reading}; nobody adds or closes meanwhile. */
    <R> R alone(Supplier<R> reading) {
        lock.writeLock().lock();
        try {
            requireOpen();
            return reading.get();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** How often something was added to {@code name}. */
    public long terms(String name) {
        Sum sum = sum(name);
        return alone(() -> sum.terms);
    }

    /** As {@link #add(String, Values)}, of a row-major array. */
    public void add(String name, float[] values) {
        add(name, Values.of(values));
    }

    /** As {@link #add(String, Values)}, of rows of equal length. */
    public void add(String name, float[][] rows) {
        add(name, Values.of(rows));
    }

    /** As {@link #add(String, Values)}, of a matrix on the host or where the learner computes. */
    public void add(String name, Matrix matrix) {
        add(name, Values.of(matrix));
    }

    Collection<String> names() {
        return Collections.unmodifiableSet(sums.keySet());
    }

    /** The sums of all names that have terms; they belong to this object. To be read {@link #alone}. */
    Map<String, Matrix> totals() {
        Map<String, Matrix> totals = new LinkedHashMap<>();
        sums.values().stream().filter(sum -> sum.total != null).forEach(sum -> totals.put(sum.name, sum.total));
        return totals;
    }

    /**
     * Puts a sum of {@code terms} terms in place of what was added to {@code name}.
     *
     * @param total where the learner computes; belongs to this object from now on, unless this throws
     */
    void put(String name, Matrix total, long terms) {
        Sum sum = sum(name);
        Require.that(
                total.rows() == sum.rows && total.cols() == sum.cols && total.type() == type(),
                "%s: %s: the sum is %s; it must be [%d x %d] %s",
                operation,
                name,
                total,
                sum.rows,
                sum.cols,
                type());
        alone(() -> {
            Require.that(
                    sums.values().stream().noneMatch(other -> other.total == total),
                    "%s: %s: the matrix is a sum of this object already",
                    operation,
                    name);
            if (sum.total != null) {
                sum.total.close();
            }
            sum.total = total;
            sum.terms = terms;
            return sum;
        });
    }

    private Sum sum(String name) {
        Sum sum = sums.get(name);
        Require.that(sum != null, "%s.add: there is no %s; known are %s", operation, Names.shown(name), sums.keySet());
        return sum;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(operation + ": was used after close");
        }
    }

    boolean isOpen() {
        lock.readLock().lock();
        try {
            return !closed;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Waits for what is being added. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try (ResourceScope scope = new ResourceScope()) {
            closed = true;
            for (Sum sum : sums.values()) {
                if (sum.total != null) {
                    scope.keep(sum.total);
                    sum.total = null;
                }
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
