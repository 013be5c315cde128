package org.keeplora.drawn;

/** Draws one whole picture; everything that varies comes from the canvas's {@link Chance}. */
@FunctionalInterface
interface Drawing {
    void on(Canvas canvas);
}
