package org.keeplora.engine.internal;

import java.util.Objects;
import org.keeplora.engine.Matrix;

/**
 * target ← target + factor · term.
 *
 * @param target written
 * @param term same shape and type as target, not modified
 */
public record Addition(Matrix target, double factor, Matrix term) {
    public Addition {
        Objects.requireNonNull(target, "Addition: target is null");
        Objects.requireNonNull(term, "Addition: term is null");
    }
}
