package org.keeplora.testing;

import java.nio.file.Path;

/** The small MTIL data sets. */
public final class MiniMtil {
    private MiniMtil() {}

    /** The data root: folder that holds {@code caltech101}, {@code eurosat}, {@code MNIST} and the others. */
    public static Path root() {
        return SharedArchive.folder("mtil-mini");
    }
}
