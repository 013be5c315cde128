package org.keeplora.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/** Named arrays in one file or in several files that belong together; each array is read on demand. */
public sealed interface ArraySource permits Safetensors, ShardedArrays, TorchArchive, ArraysBelow {
    /**
     * Opens a safetensors file, a PyTorch archive, or the index of several such files ({@code *.index.json}); the
     * format is detected from the content.
     *
     * @throws BadFile when there is no such file, or it is none of these
     */
    static ArraySource open(Path file) {
        return file.toString().endsWith(".index.json") ? ShardedArrays.open(file) : openWhole(file);
    }

    /** As {@link #open}, for a file that holds its arrays itself. */
    static ArraySource openWhole(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new BadFile(file, "no such file; give a checkpoint file or the folder of one");
        }
        byte[] start;
        try (InputStream in = Files.newInputStream(file)) {
            start = in.readNBytes(TorchArchive.LEGACY.length);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (text.startsWith("version https:")) {
            throw new BadFile(file, "a pointer of Git LFS, not the file it points to; run git lfs pull");
        }
        if (text.startsWith("<")) {
            throw new BadFile(file, "a web page, not a checkpoint; fetch the file again");
        }
        if (Arrays.equals(start, TorchArchive.LEGACY)) {
            throw new BadFile(
                    file,
                    "written in the format of torch before 1.6, which is not supported;"
                            + " load it in Python and save it with today's torch.save or as safetensors");
        }
        return start.length > 1 && start[0] == 'P' && start[1] == 'K'
                ? TorchArchive.open(file)
                : Safetensors.open(file);
    }

    /** The file that was opened; for messages. */
    Path file();

    /** All names. */
    Set<String> names();

    /** Element format of array {@code name}, without reading its data; throws as {@link #get}. */
    ElementFormat format(String name);

    /** Shape of array {@code name}, without reading its data; throws as {@link #get}. */
    long[] shape(String name);

    /**
     * The array {@code name}.
     *
     * @throws BadFile when there is no such array, or it is 2 GiB or larger
     */
    NamedArray get(String name);
}
