package org.keeplora.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects the operands of one batch for a backend and checks them together. Each problem of a batch checks its own
 * shapes and adds its operands here in {@code require}.
 */
final class OperandCheck {
    private final String operation;
    private final LinalgKernels kernels;
    private final List<String> names = new ArrayList<>();
    private final List<Matrix> matrices = new ArrayList<>();

    OperandCheck(String operation, LinalgKernels kernels) {
        this.operation = operation;
        this.kernels = kernels;
    }

    /** Adds an operand that must be in place and finite. */
    OperandCheck read(String name, Matrix matrix) {
        names.add(name);
        matrices.add(matrix);
        return written(name, matrix);
    }

    /** As {@link #read}; half precision is allowed. */
    OperandCheck samples(String name, Matrix matrix) {
        names.add(name);
        matrices.add(matrix);
        return inPlace(name, matrix);
    }

    /** Adds an operand that must be in place; its values do not matter. */
    OperandCheck written(String name, Matrix matrix) {
        Check.shapes(
                !matrix.type().isHalf(),
                "%s: %s is %s; half-precision matrices are samples of accumulateGram, Linalg.convert widens them",
                operation,
                name,
                matrix);
        return inPlace(name, matrix);
    }

    /** Requires that an operand is in place. */
    OperandCheck inPlace(String name, Matrix matrix) {
        Check.that(
                matrix.place() == kernels.place(),
                "%s: %s %s lies on the %s but %s computes on the %s; Linalg.copyOf brings it there",
                operation,
                name,
                matrix,
                matrix.place().name().toLowerCase(java.util.Locale.ROOT),
                kernels.name(),
                kernels.place().name().toLowerCase(java.util.Locale.ROOT));
        return this;
    }

    /** Checks all operands to be read at once. */
    void requireFinite() {
        int bad = matrices.isEmpty() ? 0 : kernels.firstNonFinite(matrices);
        if (bad < matrices.size()) {
            throw new NonFiniteInput(operation, names.get(bad), matrices.get(bad));
        }
    }
}
