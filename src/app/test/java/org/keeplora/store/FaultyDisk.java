package org.keeplora.store;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A folder of the machine's disk whose operations fail on request. Each create, write, truncate, force, move and delete
 * below it is a point, counted from 1. Forcing is only recorded in the {@link #model}, so it costs nothing.
 */
final class FaultyDisk extends FileSystemProvider {
    /** The fault at the chosen point. */
    enum Fault {
        NONE,
        /** The operation fails, once. */
        FAIL,
        /** Half of the bytes are written, then the write fails, once. */
        CUT,
        /** This and every later write and create fails because the disk is full. */
        FULL,
        /** The process ends: neither this operation nor a later one is executed. */
        CRASH
    }

    /** The kind of operation at a point. */
    enum Kind {
        CREATE,
        WRITE,
        TRUNCATE,
        FORCE,
        MOVE,
        DELETE
    }

    /** The end of the process, which no code under test may catch. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final FileSystemProvider real;
    private final DiskModel model;
    private final Fault fault;
    private final int chosen;
    private final List<Kind> points = new ArrayList<>();
    private final FileSystem system;

    FaultyDisk(Path base, Fault fault, int chosen) {
        this.real = base.getFileSystem().provider();
        this.model = new DiskModel(base);
        this.fault = fault;
        this.chosen = chosen;
        this.system = new FaultySystem(this, base.getFileSystem());
    }

    DiskModel model() {
        return model;
    }

    /** The operations so far, one per point. */
    List<Kind> points() {
        return points;
    }

    /** Counts a point. @return whether a write at it is to be cut */
    boolean point(Kind kind, Path path) throws IOException {
        if (fault == Fault.CRASH && points.size() >= chosen) {
            throw new Crash();
        }
        points.add(kind);
        boolean here = points.size() == chosen;
        if (fault == Fault.CRASH && here) {
            throw new Crash();
        }
        if (fault == Fault.FAIL && here) {
            throw new FileSystemException(path.toString(), null, "failed as told");
        }
        if (fault == Fault.FULL && points.size() >= chosen && (kind == Kind.WRITE || kind == Kind.CREATE)) {
            throw new FileSystemException(path.toString(), null, "No space left on device");
        }
        return fault == Fault.CUT && here;
    }

    /** {@code path} of the real disk as a path of this one. */
    Path wrap(Path path) {
        return path == null
                ? null
                : (Path) Proxy.newProxyInstance(
                        FaultyDisk.class.getClassLoader(),
                        new Class<?>[] {Path.class, RealPath.class},
                        (proxy, method, arguments) -> switch (method.getName()) {
                            case "realPath" -> path;
                            case "getFileSystem" -> system;
                            case "iterator" -> wrapAll(path).iterator();
                            default -> wrapped(invoke(path, method, arguments));
                        });
    }

    /** The methods of a wrapped path beyond those of a path. */
    interface RealPath {
        Path realPath();
    }

    private List<Path> wrapAll(Iterable<Path> paths) {
        List<Path> all = new ArrayList<>();
        paths.forEach(path -> all.add(wrap(path)));
        return all;
    }

    private Object wrapped(Object result) {
        return result instanceof Path path ? wrap(path) : result;
    }

    private static Object invoke(Path path, java.lang.reflect.Method method, Object... arguments) throws Throwable {
        Object[] plain = arguments == null ? null : arguments.clone();
        for (int i = 0; plain != null && i < plain.length; i++) {
            plain[i] = plain[i] instanceof Path other ? real(other) : plain[i];
        }
        try {
            return method.invoke(path, plain);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Path real(Path path) {
        return path instanceof RealPath wrapped ? wrapped.realPath() : path;
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        Path file = real(path);
        boolean exists = Files.exists(file);
        boolean creates = !exists
                && (options.contains(StandardOpenOption.CREATE) || options.contains(StandardOpenOption.CREATE_NEW));
        boolean truncates = exists && options.contains(StandardOpenOption.TRUNCATE_EXISTING);
        if (creates || truncates) {
            point(creates ? Kind.CREATE : Kind.TRUNCATE, file);
        }
        FileChannel channel = real.newFileChannel(file, options, attributes);
        if (creates) {
            model.created(file, false);
        } else if (truncates) {
            model.truncated(file);
        }
        return new FaultyChannel(this, file, channel);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
        Path folder = real(path);
        if (!Files.exists(folder)) {
            point(Kind.CREATE, folder);
        }
        real.createDirectory(folder, attributes);
        model.created(folder, true);
    }

    @Override
    public void delete(Path path) throws IOException {
        Path file = real(path);
        if (Files.exists(file)) {
            point(Kind.DELETE, file);
        }
        real.delete(file);
        model.deleted(file);
    }

    @Override
    public void move(Path from, Path to, CopyOption... options) throws IOException {
        point(Kind.MOVE, real(from));
        real.move(real(from), real(to), options);
        model.moved(real(from), real(to));
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        DirectoryStream<Path> plain = real.newDirectoryStream(real(folder), path -> filter.accept(wrap(path)));
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return wrapAll(plain).iterator();
            }

            @Override
            public void close() throws IOException {
                plain.close();
            }
        };
    }

    @Override
    public String getScheme() {
        return "faulty";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> settings) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return system;
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void copy(Path from, Path to, CopyOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
        return real.isSameFile(real(one), real(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return real.isHidden(real(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return real.getFileStore(real(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        real.checkAccess(real(path), modes);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        return real.getFileAttributeView(real(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return real.readAttributes(real(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) throws IOException {
        return real.readAttributes(real(path), names, options);
    }

    @Override
    public void setAttribute(Path path, String name, Object value, LinkOption... options) throws IOException {
        real.setAttribute(real(path), name, value, options);
    }
}
