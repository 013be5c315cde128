package org.keeplora.engine.internal;

import java.util.Objects;

/** left · right as a new matrix; both of one type, not modified. */
public record Factors(Operand left, Operand right) {
    public Factors {
        Objects.requireNonNull(left, "Factors: left is null");
        Objects.requireNonNull(right, "Factors: right is null");
    }
}
