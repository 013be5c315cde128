package org.keeplora.drawn;

/** A general picture before it is drawn. */
record Scene(String caption, Drawing drawing) {}
