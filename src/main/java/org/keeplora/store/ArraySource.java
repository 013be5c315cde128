package org.keeplora.store;

import java.nio.file.Path;
import java.util.Set;

/** A file, or several that belong together, of named arrays; read on demand. */
public sealed interface ArraySource permits Safetensors, ShardedSafetensors, TorchArchive {
    /** Where it was opened; for messages. */
    Path file();

    /** All names. */
    Set<String> names();

    /** Element format of array {@code name}, without touching its data; throws as {@link #get}. */
    ElementFormat format(String name);

    /** Shape of array {@code name}, without touching its data; throws as {@link #get}. */
    long[] shape(String name);

    /**
     * The array {@code name}.
     *
     * @throws BadFile when there is no such array, or it has 2 GiB or more
     */
    NamedArray get(String name);
}
