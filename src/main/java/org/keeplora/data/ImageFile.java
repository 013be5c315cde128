package org.keeplora.data;

import java.nio.file.Path;

/**
 * An image that is a file of its own.
 *
 * @param path where it lies
 * @param id path relative to the data root, with {@code /}
 */
public record ImageFile(Path path, String id) implements ImageSource {
    /** The file {@code path}, named relative to {@code root}. */
    static ImageFile below(Path root, Path path) {
        return new ImageFile(path, root.relativize(path).toString().replace('\\', '/'));
    }

    @Override
    public RgbImage read() {
        return ImageDecoder.decode(path);
    }
}
