package org.keeplora.data;

import java.io.IOException;
import java.nio.file.Files;
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
    public String stamp() {
        try {
            return Files.size(path) + " " + Files.getLastModifiedTime(path);
        } catch (IOException e) {
            throw new DatasetException(
                    "%s: image file cannot be looked at (%s); restore it".formatted(path, DatasetException.reason(e)),
                    e);
        }
    }

    @Override
    public RgbImage read() {
        return ImageDecoder.decode(path);
    }
}
