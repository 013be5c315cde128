package org.keeplora.data;

/** Where an image comes from; decoding happens on demand. */
public sealed interface ImageSource permits ImageFile, GreyImage {
    /** What the official loaders call it: a path below the root, or "#index". */
    String id();

    /**
     * Decodes the image.
     *
     * @throws DatasetProblem naming the file when it cannot be decoded
     */
    RgbImage read();
}
