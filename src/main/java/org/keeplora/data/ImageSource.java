package org.keeplora.data;

import java.nio.file.Path;

/** Where an image comes from; decoding happens on demand. */
public sealed interface ImageSource permits ImageFile, GreyImage {
    /** The JPEG or PNG file {@code id} below {@code root}. */
    static ImageSource file(Path root, String id) {
        return new ImageFile(root, id);
    }

    /** What the official loaders call it: a path below the root, or "#index". */
    String id();

    /**
     * Decodes the image.
     *
     * @throws DatasetProblem naming the file when it cannot be decoded
     */
    RgbImage read();
}
