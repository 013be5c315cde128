package org.keeplora.data;

import java.nio.file.Path;

/**
 * Reads one format on disk. An instance holds what differs between the data sets of that format; it knows no prompts.
 */
sealed interface SplitReader
        permits AnnotatedImages,
                BreedLists,
                ClassFolders,
                IdxFiles,
                JsonLists,
                NamedFolders,
                NumberedImages,
                PathLists,
                PickledBatches,
                SceneFolders,
                SceneList,
                VariantLists {
    /** The folder that must exist, relative to the data root. */
    String folder();

    /**
     * Lists classes, training items and test items without decoding image files. Does not check that a listed image
     * exists.
     *
     * @param root the folder of all data sets
     * @throws DatasetException when something is missing, empty or damaged
     */
    Split read(Path root, SplitOrder order);
}
