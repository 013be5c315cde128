package org.keeplora.data;

/**
 * The source of one image of a data set; creates the image on demand and keeps nothing.
 *
 * <p>An implementation must return the same bytes at every {@link #read()} while {@link #stamp()} stays the same, allow
 * calls from several threads at once, and have an {@link #id()} that is unique in its half.
 */
public interface ImageSource {
    /**
     * Name within the data root: the path with {@code /} for a file, with {@code #index} for an image inside a larger
     * file.
     */
    String id();

    /**
     * A text that changes whenever the image may have changed: size and time of a file, checksum of a part of one, seed
     * of a drawing.
     */
    String stamp();

    /**
     * As {@link #stamp()}, but unchanged when the image is copied: size of a file, checksum of a part of one, seed of a
     * drawing.
     */
    default String content() {
        return stamp();
    }

    /**
     * Decodes or draws the image, as RGB.
     *
     * @return a new image, owned by the caller
     * @throws DatasetException naming the file, what is wrong and what to do, when the image cannot be decoded
     */
    RgbImage read();
}
