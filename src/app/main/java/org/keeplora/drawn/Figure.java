package org.keeplora.drawn;

/** Draws one kind of thing within the square from -1 to 1, upright and facing right. */
@FunctionalInterface
interface Figure {
    void draw(Pen pen);
}
