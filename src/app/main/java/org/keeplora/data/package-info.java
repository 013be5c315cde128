/**
 * From folders on disk to labelled RGB images: one reader per disk format, data sets as rows of a table.
 *
 * <p>Imports store, for its reader of pickles, and no torch: the official random split needs PyTorch's generator, so
 * the caller passes the permutation in ({@link org.keeplora.data.SplitOrder}).
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Class names come from where the official loader has them: from the data set's own files where it reads those
 *       (with spaces for underscores), else from a resource ({@code <data set>.tsv}: folder or number, tab, display
 *       name; line order = label), never from code. They are the official ones to the letter, odd spellings and a
 *       doubled space included, because the prompts are made of them.
 *   <li>Prompt templates are resources ({@code <data set>-templates.txt}, one a line), in the official program's order,
 *       which for DTD, Stanford Cars and SUN397 is not that of CLIP's own list. Runs use the first.
 *   <li>The halves are those of the official loaders: {@code train} without {@code val} for Aircraft, DTD and Flowers.
 *   <li>Files are ordered by name, compared letter by letter (capitals first), as the official loaders number them
 *       before splitting. The operating system's listing order never matters, not even for SUN397, whose official
 *       loader takes it as it comes: its random split is another one on every machine. {@code SUN397/image-order.txt}
 *       gives back the split of one official run.
 *   <li>Names that begin with a dot are not data (desktop files, checkpoints of notebooks); folders that are no class
 *       of the data set are left alone, as the official loader leaves {@code BACKGROUND_Google}.
 *   <li>CIFAR-100's pickles are read by a reader of our own that executes nothing and knows four names; any other
 *       opcode or name is an error. MATLAB files go through MFL, a maintained library.
 *   <li>An image that a list of a published data set names is not looked for when the data set is opened (SUN397 alone
 *       would need 108,754 looks); {@link org.keeplora.data.DataCheck} does that. Those of one's own data are: nobody
 *       has checked such a table before, and a run should not end at its second task for it.
 *   <li>One's own folders are read as torchvision's {@code ImageFolder} reads them ({@code FolderImages}); what it
 *       would leave out or stumble over is counted by reason ({@link org.keeplora.data.LeftOut}), and a run says so.
 *   <li>One's own tables are read as pandas reads them: blank rows are skipped, other columns ignored. Case does not
 *       matter in the header and in {@code split}. A table that means something else (other separators, more cells than
 *       columns) is refused by line.
 *   <li>Nothing is decoded when a data set is opened; {@link org.keeplora.data.ImageSource#read()} decodes one image.
 *   <li>Bytes are taken from rasters, never through Java's colour management, so that a grey or profiled image
 *       comes out as PIL's {@code convert("RGB")} gives it.
 *       Measured: the 5,384 JPEGs of the MTIL sample equal those of Pillow 12.3 in every byte.
 *       WebP is decoded by OpenCV's libwebp, which gives Pillow's bytes too; nothing in the JDK reads it.
 *   <li>Everything wrong on the user's disk is a {@link org.keeplora.data.DatasetException}, or a {@link
 *       org.keeplora.store.BadFile} where a reader of store finds it: one line, path, what is wrong, what to do.
 *   <li>Files are taken for hostile. What a file says of its sizes is checked before memory is asked for by it, and no
 *       decoder of a library sees a size that was not: images have at most 89,478,485 pixels, 4 bands, 100 scans and
 *       256 MiB on disk, idx files 536,870,912 values, pickles 512 MiB, MATLAB files 64 MiB unpacked, lists 64 MiB,
 *       tables 128 MiB, JSON 16 MiB.
 *   <li>A name in a list of a published data set may not lead out of the folder it is relative to: no absolute path, no
 *       {@code ..}. In one's own table it may, as the user has written it himself. Symbolic links below the data root
 *       are followed, as the user has put them there.
 *   <li>Threads: data sets and images never change once opened, and {@link org.keeplora.data.ImageSource#read()} is
 *       called by several threads at once; so is {@link org.keeplora.data.DecodedCache}, on which several processes may
 *       work too.
 * </ul>
 */
package org.keeplora.data;
