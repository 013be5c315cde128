package org.keeplora.drawn;

/**
 * The properties of a general picture besides its concept.
 *
 * @param colour of the thing
 * @param other colour of the ground
 * @param count number of things
 */
record Choice(Hue colour, Hue other, int count) {}
