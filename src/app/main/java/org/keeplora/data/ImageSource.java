package org.keeplora.data;

/**
 * Where one image of a data set comes from; makes it on demand and keeps nothing.
 *
 * <p>Whoever implements it owes: the same bytes at every {@link #read()} while {@link #stamp()} stays the same, calls
 * from several threads at once, and an {@link #id()} that no other image of its half has.
 */
public interface ImageSource {
    /** Name within the data root: path with {@code /} for a file, {@code #index} for an image inside a larger file. */
    String id();

    /**
     * Changes whenever the image may have changed: size and time of a file, checksum of a part of one, seed of a
     * drawing.
     */
    String stamp();

    /**
     * As {@link #stamp()}, without what changes when the image is copied: size of a file, checksum of a part of one,
     * seed of a drawing.
     */
    default String content() {
        return stamp();
    }

    /**
     * Decodes or draws the image, as RGB.
     *
     * @return a new image, owned by the caller
     * @throws DatasetException naming the file, what is wrong with it and what to do, when it cannot be decoded
     */
    RgbImage read();
}
