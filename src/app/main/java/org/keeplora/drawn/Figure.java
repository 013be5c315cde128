package org.keeplora.drawn;

/** How one kind of thing is drawn, within the square from -1 to 1, upright and facing right. */
@FunctionalInterface
interface Figure {
    void draw(Pen pen);
}
