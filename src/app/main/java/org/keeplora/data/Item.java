package org.keeplora.data;

/**
 * One labelled image.
 *
 * @param label index into the data set's class names
 */
public record Item(ImageSource image, int label) {}
