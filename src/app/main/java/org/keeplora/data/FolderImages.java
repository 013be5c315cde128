package org.keeplora.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.keeplora.data.LeftOut.Reason;
import org.keeplora.store.NameEncoding;
import org.keeplora.store.UserError;

/**
 * The content of one class folder of the user's own data, at any depth and through links. It holds the images that
 * torchvision's {@code ImageFolder} finds, in its order (folder by folder, each by name), and the files that are left
 * out.
 *
 * <p>{@code .gif} and {@code .jfif} files are images too, unlike in torchvision. Hidden, empty and unreadable files and
 * broken links are left out; a program with torchvision would fail on them in the middle of training.
 */
record FolderImages(List<Path> images, List<LeftOut.File> leftOut) {
    /** Endings of image files, in any case. */
    static final Set<String> ENDINGS =
            Set.of(".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp", ".gif", ".jfif");

    private static final String WEBP = ".webp";

    private static final Comparator<Path> FOLDER_BY_FOLDER = Comparator.comparing(
                    (Path file) -> file.getParent().toString())
            .thenComparing(file -> file.getFileName().toString());

    /**
     * @throws DatasetException when a folder cannot be listed, or a link leads back to a folder above it
     * @throws UserError when this process cannot express a name, see {@link NameEncoding}
     */
    static FolderImages below(Path folder) {
        Finder finder = new Finder(folder);
        try {
            Files.walkFileTree(folder, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, finder);
        } catch (FileSystemLoopException e) {
            throw new DatasetException(
                    e.getFile() + ": link leads back to a folder that it lies in; remove the link", e);
        } catch (IOException | UncheckedIOException e) {
            throw new DatasetException(
                    folder + ": cannot be listed (" + DatasetException.reason(e) + "); check its permissions", e);
        }
        finder.images.sort(FOLDER_BY_FOLDER);
        finder.leftOut.sort(Comparator.comparing(LeftOut.File::path, FOLDER_BY_FOLDER));
        return new FolderImages(List.copyOf(finder.images), List.copyOf(finder.leftOut));
    }

    private static final class Finder extends SimpleFileVisitor<Path> {
        private final Path top;
        private final List<Path> images = new ArrayList<>();
        private final List<LeftOut.File> leftOut = new ArrayList<>();

        Finder(Path top) {
            this.top = top;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            NameEncoding.require(folder.getFileName().toString());
            if (!folder.equals(top) && isHidden(folder)) {
                leftOut.add(new LeftOut.File(folder, Reason.HIDDEN));
                return FileVisitResult.SKIP_SUBTREE;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            NameEncoding.require(file.getFileName().toString());
            reason(file, attributes)
                    .ifPresentOrElse(reason -> leftOut.add(new LeftOut.File(file, reason)), () -> images.add(file));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
            NameEncoding.require(file.getFileName().toString());
            throw problem;
        }
    }

    /** Why {@code file} is left out; empty when it is an image. */
    private static Optional<Reason> reason(Path file, BasicFileAttributes attributes) {
        String ending = ending(file).toLowerCase(Locale.ROOT);
        if (isHidden(file)) {
            return Optional.of(Reason.HIDDEN);
        }
        if (!ENDINGS.contains(ending)) {
            return Optional.of(Reason.OTHER_TYPE);
        }
        if (attributes.isSymbolicLink()) { // a link to a file has the file's attributes, so this one is broken
            return Optional.of(Reason.BROKEN_LINK);
        }
        if (!attributes.isRegularFile()) {
            return Optional.of(Reason.OTHER_TYPE);
        }
        if (attributes.size() == 0) {
            return Optional.of(Reason.EMPTY);
        }
        if (!Files.isReadable(file)) {
            return Optional.of(Reason.NO_PERMISSION);
        }
        return ending.equals(WEBP) && !OpenCv.isThere() ? Optional.of(Reason.NO_DECODER) : Optional.empty();
    }

    static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    /** The part of the file name from its last dot on; empty without a dot. */
    static String ending(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') < 0 ? name.length() : name.lastIndexOf('.'));
    }
}
