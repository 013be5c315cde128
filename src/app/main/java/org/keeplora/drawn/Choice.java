package org.keeplora.drawn;

/**
 * What a general picture shows beside its concept.
 *
 * @param colour of the thing
 * @param other of the ground
 * @param count how many
 */
record Choice(Hue colour, Hue other, int count) {}
