/**
 * From folders on disk to labelled RGB images: one reader per disk format, data sets as rows of a table.
 *
 * <p>Imports store, for its reader of pickles, but not torch. The official random split needs PyTorch's generator, so
 * the caller passes the permutation ({@link org.keeplora.data.SplitOrder}).
 *
 * <p>Decisions:
 * <ul>
 * <li>Class names come from the data set's own files when the official loader reads them there (with spaces instead of
 * underscores), else from a resource ({@code <data set>.tsv}: folder or number, tab, display name; line order = label),
 * never from code. They equal the official names exactly, including odd spellings and a double space, because prompts
 * are made from them.
 * <li>Prompt templates are resources ({@code <data set>-templates.txt}, one a line), in the official program's order,
 * which for DTD, Stanford Cars and SUN397 is not that of CLIP's own list. Runs use the first one.
 * <li>The halves are those of the official loaders: {@code train} without {@code val} for Aircraft, DTD and Flowers.
 * <li>Files are ordered by name, compared by character code (capitals first), as the official loaders number them
 * before splitting. The operating system's listing order never matters. SUN397's official loader uses that order, so
 * its random split differs between machines; {@code SUN397/image-order.txt} reproduces the split of one official run.
 * <li>Names that begin with a dot are not data (desktop files, checkpoints of notebooks); folders that are not classes
 * of the data set are ignored, as the official loader ignores {@code BACKGROUND_Google}.
 * <li>CIFAR-100's pickles are read by a reader of our own that executes nothing and knows four names; any other opcode
 * or name is an error. MATLAB files go through MFL, a maintained library.
 * <li>Opening a published data set does not check that its listed images exist (108,754 checks for SUN397 alone);
 * {@link org.keeplora.data.DataCheck} does. Opening the user's own data does check: nobody has checked such a table
 * before, and a run should not fail at its second task.
 * <li>The user's own folders are read as by torchvision's {@code ImageFolder} ({@code FolderImages}). Files that it
 * would leave out or fail on are counted by reason ({@link org.keeplora.data.LeftOut}), and a run reports them.
 * <li>The user's own tables are read as by pandas: blank rows are skipped, other columns are ignored. Case does not
 * matter in the header and in {@code split}. A table in another form (other separators, more cells than columns) is
 * refused with the line.
 * <li>Nothing is decoded when a data set is opened; {@link org.keeplora.data.ImageSource#read()} decodes one image.
 * <li>Pixels are read from rasters, never through Java's colour management, so that grey images and images with a
 * colour profile equal PIL's {@code convert("RGB")}. Measured: the 5,384 JPEGs of the MTIL sample equal those of Pillow
 * 12.3 in every byte. WebP is decoded by OpenCV's libwebp, which also gives Pillow's bytes; the JDK cannot read it.
 * <li>Every fault on the user's disk is a {@link org.keeplora.data.DatasetException}, or a {@link
 * org.keeplora.store.BadFile} when a reader of store finds it: one line, path, what is wrong, what to do.
 * <li>Files are treated as hostile. A size stated in a file is checked before memory is allocated for it or a library's
 * decoder sees it: images have at most 89,478,485 pixels, 4 bands, 100 scans and 256 MiB on disk, idx files 536,870,912
 * values, pickles 512 MiB, MATLAB files 64 MiB unpacked, lists 64 MiB, tables 128 MiB, JSON 16 MiB.
 * <li>A name in a list of a published data set may not lead out of the folder it is relative to: no absolute path, no
 * {@code ..}. In the user's own table it may, because the user wrote it. Symbolic links below the data root are
 * followed, because the user created them.
 * <li>Threads: opened data sets and images are immutable. Several threads may call {@link
 * org.keeplora.data.ImageSource#read()} at once. Several threads and processes may use one {@link
 * org.keeplora.data.DecodedCache}.
 * </ul>
 */
package org.keeplora.data;
