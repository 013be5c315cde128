package org.keeplora.data;

/** Where one image of a data set comes from; decodes on demand and keeps nothing. */
public sealed interface ImageSource permits ImageFile, StoredImage {
    /** Name within the data root: path with {@code /} for a file, {@code #index} for an image inside a larger file. */
    String id();

    /** Changes whenever the image may have changed: size and time of a file, checksum of a part of one. */
    String stamp();

    /**
     * Decodes the image to RGB.
     *
     * @return a new image, owned by the caller
     * @throws DatasetException naming the file, what is wrong with it and what to do, when it cannot be decoded
     */
    RgbImage read();
}
