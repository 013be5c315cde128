package org.keeplora.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.keeplora.engine.internal.Require;

/**
 * Collects the operands of one batch for a backend and checks them together, before anything is written. Each problem
 * of a batch checks its own shapes and adds its operands here in {@code require}.
 */
final class OperandCheck {
    private final String operation;
    private final LinalgKernels kernels;
    private final boolean looking;
    private final List<Use> uses = new ArrayList<>();
    private final List<Values> values = new ArrayList<>();
    private int problem;
    private boolean writes;

    OperandCheck(String operation, LinalgKernels kernels) {
        this(operation, kernels, true);
    }

    /** @param looking whether elements are looked at */
    OperandCheck(String operation, LinalgKernels kernels, boolean looking) {
        this.operation = operation;
        this.kernels = kernels;
        this.looking = looking;
    }

    String operation() {
        return operation;
    }

    /** The memory of one operand, from {@code start} to before {@code end}. */
    private record Use(String name, int problem, Matrix matrix, long start, long end, boolean written) {
        @Override
        public String toString() {
            return name + " " + matrix + " of problem " + problem;
        }
    }

    /**
     * An operand whose elements must be finite and of a magnitude up to {@code limit}.
     *
     * @param limit {@link ElementType#largest} of the matrix, or less
     */
    record Values(String name, Matrix matrix, double limit) {}

    /** Checks all problems of a batch. */
    <P> void requireAll(List<P> batch, BiConsumer<P, OperandCheck> require) {
        Objects.requireNonNull(batch, () -> operation + ": the batch is null");
        for (P each : batch) {
            require.accept(Objects.requireNonNull(each, () -> operation + ": problem " + problem + " is null"), this);
            problem++;
        }
        requireOwnMemory();
        requireFinite();
    }

    /** Adds an operand that must be finite. */
    OperandCheck read(String name, Matrix matrix) {
        return read(name, matrix, matrix.type().largest());
    }

    /** Adds an operand that is read; above {@code limit} in magnitude the operation's sums could overflow. */
    OperandCheck read(String name, Matrix matrix, double limit) {
        placed(name, matrix);
        return used(name, matrix, false).finite(name, matrix, limit);
    }

    /** As {@link #read(String, Matrix, double)}; half precision is allowed. */
    OperandCheck samples(String name, Matrix matrix, double limit) {
        anyType(name, matrix);
        return used(name, matrix, false).finite(name, matrix, limit);
    }

    /** As {@link #read(String, Matrix, double)}, for an operand that is read and written. */
    OperandCheck updated(String name, Matrix matrix, double limit) {
        return written(name, matrix).finite(name, matrix, limit);
    }

    /** Adds an operand that is written; its values do not matter. */
    OperandCheck written(String name, Matrix matrix) {
        placed(name, matrix);
        return used(name, matrix, true);
    }

    /** Requires that an operand is open, in place and not of half precision. */
    OperandCheck placed(String name, Matrix matrix) {
        anyType(name, matrix);
        Check.shapes(
                !matrix.type().isHalf(),
                "%s: %s is %s; half-precision matrices are samples of accumulateGram, Linalg.convert widens them",
                operation,
                name,
                matrix);
        return this;
    }

    /** Requires that an operand is open, in place and on the same stream. */
    OperandCheck anyType(String name, Matrix matrix) {
        Objects.requireNonNull(matrix, () -> operation + ": " + name + " is null")
                .requireOpen(operation, name);
        Require.that(
                matrix.place() == kernels.place(),
                "%s: %s %s lies on the %s but %s computes on the %s; Linalg.copyOf brings it there",
                operation,
                name,
                matrix,
                matrix.place().name().toLowerCase(Locale.ROOT),
                kernels.name(),
                kernels.place().name().toLowerCase(Locale.ROOT));
        Require.that(
                matrix.stream().equals(kernels.stream()),
                "%s: %s %s belongs to another stream of the device; Linalg.copyOf brings it to this one",
                operation,
                name,
                matrix);
        return this;
    }

    private OperandCheck used(String name, Matrix matrix, boolean written) {
        if (matrix.elements() > 0) {
            long start = Storage.addressOf(matrix.address());
            uses.add(new Use(name, problem, matrix, start, start + matrix.bytes(), written));
            writes |= written;
        }
        return this;
    }

    private OperandCheck finite(String name, Matrix matrix, double limit) {
        if (looking) {
            values.add(new Values(name, matrix, limit));
        }
        return this;
    }

    /** No written operand may share memory with another one; what is only read may be read several times. */
    private void requireOwnMemory() {
        if (!writes) {
            return;
        }
        uses.sort(Comparator.comparingLong(Use::start));
        Use furthest = uses.get(0);
        Use furthestWritten = furthest.written ? furthest : null;
        for (Use use : uses.subList(1, uses.size())) {
            Use before = use.written ? furthest : furthestWritten;
            if (before != null && before.end > use.start) {
                throw shared(before, use);
            }
            furthest = use.end > furthest.end ? use : furthest;
            boolean further = use.written && (furthestWritten == null || use.end > furthestWritten.end);
            furthestWritten = further ? use : furthestWritten;
        }
    }

    private IllegalArgumentException shared(Use one, Use other) {
        boolean inOrder = one.problem < other.problem || one.problem == other.problem && other.written;
        return new IllegalArgumentException(operation + ": " + (inOrder ? one : other) + " and "
                + (inOrder ? other : one)
                + " share memory; an operand that is written must share none with another operand of the batch");
    }

    private void requireFinite() {
        int bad = values.isEmpty() ? 0 : kernels.firstBeyond(values);
        if (bad == values.size()) {
            return;
        }
        Values refused = values.get(bad);
        Matrix matrix = refused.matrix;
        if (kernels.firstBeyond(
                        List.of(new Values(refused.name, matrix, matrix.type().largest())))
                == 0) {
            throw new NonFiniteInput(operation, refused.name, matrix);
        }
        throw new IllegalArgumentException(String.format(
                Locale.ROOT,
                "%s: %s %s has elements of magnitude up to %.3g; above %.3g its sums of products could overflow",
                operation,
                refused.name,
                matrix,
                kernels.largestMagnitudes(List.of(matrix))[0],
                refused.limit));
    }
}
