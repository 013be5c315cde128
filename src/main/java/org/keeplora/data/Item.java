package org.keeplora.data;

/**
 * One labelled image of a data set.
 *
 * @param label index of its class name
 */
public record Item(ImageSource image, int label) {}
