/**
 * From folders on disk to labelled RGB images: one reader per disk format, data sets as rows of a table.
 *
 * <p>Imports no room of ours and no torch: the official random split needs PyTorch's generator, so the caller passes
 * the permutation in ({@link org.keeplora.data.SplitOrder}).
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Class names live in resources ({@code <data set>.tsv}: folder or number, tab, display name; line order =
 *       label), never in code. They are the official ones to the letter, odd spellings and a doubled space included,
 *       because the prompts are made of them.
 *   <li>Files are ordered by name, compared letter by letter (capitals first), as the official loaders number them
 *       before splitting. The operating system's listing order never matters.
 *   <li>Names that begin with a dot are not data (desktop files, checkpoints of notebooks); folders that are no class
 *       of the data set are left alone, as the official loader leaves {@code BACKGROUND_Google}.
 *   <li>Nothing is decoded when a data set is opened; {@link org.keeplora.data.ImageSource#read()} decodes one image.
 *   <li>Bytes are taken from rasters, never through Java's colour management, so that a grey or profiled image
 *       comes out as PIL's {@code convert("RGB")} gives it.
 *       Measured: the 5,384 JPEGs of the MTIL sample equal those of Pillow 12.3 in every byte.
 *   <li>Everything wrong on the user's disk is a {@link org.keeplora.data.DatasetException}: one line, path, what is
 *       wrong, what to do.
 * </ul>
 */
package org.keeplora.data;
