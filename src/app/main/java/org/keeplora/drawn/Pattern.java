package org.keeplora.drawn;

/** A pattern without end over the plane; one repeat is about one unit wide. */
@FunctionalInterface
interface Pattern {
    /** How deep (x, y) lies inside the pattern's marks, in repeats; negative between them. */
    double depth(double x, double y);
}
