package org.keeplora.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.function.Function;
import org.keeplora.store.InnerPath;

/**
 * An image in its own file.
 *
 * @param path the file
 * @param id path relative to the data root, with {@code /}
 */
public record ImageFile(Path path, String id) implements ImageSource {
    /** The file {@code path}, named relative to {@code root}. */
    static ImageFile below(Path root, Path path) {
        return new ImageFile(path, root.relativize(path).toString().replace('\\', '/'));
    }

    /**
     * The image with the name {@code name} in a list.
     *
     * @param folder below {@code root}; names in the list are relative to it
     * @param error makes an exception about the list from a message
     * @throws DatasetException when the name leads out of {@code folder}, see {@link InnerPath}
     */
    static ImageFile listed(Path root, Path folder, String name, Function<String, DatasetException> error) {
        return below(
                root,
                InnerPath.of(folder, name)
                        .orElseThrow(() -> error.apply(String.format(
                                Locale.ROOT, "\"%s\" is not the name of a file inside %s", name, folder))));
    }

    @Override
    public String stamp() {
        return attributes().size() + " " + attributes().lastModifiedTime();
    }

    @Override
    public String content() {
        return String.valueOf(attributes().size());
    }

    private BasicFileAttributes attributes() {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            throw new DatasetException(path + ": image file not found; restore it or unpack the data set again", e);
        } catch (IOException e) {
            throw new DatasetException(
                    path + ": image file cannot be read (" + DatasetException.reason(e) + "); check its permissions",
                    e);
        }
    }

    @Override
    public RgbImage read() {
        return ImageDecoder.decode(path);
    }
}
