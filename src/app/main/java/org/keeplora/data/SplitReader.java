package org.keeplora.data;

import java.nio.file.Path;

/** Reads one disk format. Holds what differs between the data sets of that format; knows no prompts. */
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
    /** Folder that must exist, relative to the data root. */
    String folder();

    /**
     * Lists classes, training and test items without decoding image files; an image that a list names is not looked
     * for.
     *
     * @param root folder that holds all data sets
     * @throws DatasetException when something is missing, empty or damaged
     */
    Split read(Path root, SplitOrder order);
}
