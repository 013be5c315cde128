package org.keeplora.engine;

/**
 * target ← target + factor · term.
 *
 * @param term same shape and type as target, not modified
 * @param target written
 */
public record Addition(Matrix term, double factor, Matrix target) {}
