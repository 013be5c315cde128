package org.keeplora.learner;

import java.util.LinkedHashMap;
import java.util.Map;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
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
    private volatile boolean closed;

    /** The sum of one name; its monitor guards it. */
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
     * @throws IllegalArgumentException naming {@code name} if it is unknown, or the values do not fit or are not finite
     */
    public void add(String name, Values values) {
        Sum sum = sum(name);
        synchronized (sum) {
            requireOpen();
            try (ResourceScope scope = new ResourceScope()) {
                if (sum.total == null) {
                    sum.total = linalg.zeros(sum.rows, sum.cols, type());
                }
                add(sum.total, values, scope);
                sum.terms++;
            } catch (IllegalArgumentException e) {
                throw Names.about(operation + ".add: " + name, e);
            }
        }
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

    /** Number of terms of every name. */
    Map<String, Long> terms() {
        Map<String, Long> terms = new LinkedHashMap<>();
        sums.forEach((name, sum) -> {
            synchronized (sum) {
                terms.put(name, sum.terms);
            }
        });
        return terms;
    }

    /** The sum of {@code name}, which has terms; belongs to this object. */
    Matrix total(String name) {
        Sum sum = sum(name);
        synchronized (sum) {
            return sum.total;
        }
    }

    /**
     * Puts a sum of {@code terms} terms in place of what was added to {@code name}.
     *
     * @param total where the learner computes; belongs to this object from now on, unless this throws
     */
    void put(String name, Matrix total, long terms) {
        requireOpen();
        Sum sum = sum(name);
        Names.that(
                total.rows() == sum.rows && total.cols() == sum.cols && total.type() == type(),
                "%s: %s: the sum is %s; it must be [%d x %d] %s",
                operation,
                name,
                total,
                sum.rows,
                sum.cols,
                type());
        synchronized (sum) {
            if (sum.total != null) {
                sum.total.close();
            }
            sum.total = total;
            sum.terms = terms;
        }
    }

    private Sum sum(String name) {
        Sum sum = sums.get(name);
        Names.that(sum != null, "%s.add: there is no \"%s\"; known are %s", operation, name, sums.keySet());
        return sum;
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException(operation + ": was used after close");
        }
    }

    boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        closed = true;
        for (Sum sum : sums.values()) {
            synchronized (sum) {
                if (sum.total != null) {
                    sum.total.close();
                    sum.total = null;
                }
            }
        }
    }
}
