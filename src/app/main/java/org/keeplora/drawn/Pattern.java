package org.keeplora.drawn;

/** A pattern that fills the plane; one repeat is about one unit wide. */
@FunctionalInterface
interface Pattern {
    /** The depth of (x, y) inside the pattern's marks, in repeats; negative between the marks. */
    double depth(double x, double y);
}
