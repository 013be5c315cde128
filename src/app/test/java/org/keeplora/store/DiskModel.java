package org.keeplora.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The part of a folder that a power cut would leave on the disk. POSIX guarantees a file's bytes once the file is
 * forced, and a name in a folder once the folder is forced; of the rest, any part may be there.
 */
final class DiskModel {
    /** Which unforced changes survive a power cut. */
    enum Cut {
        /** No name; half of each file's bytes. */
        NAMES_LOST,
        /** All names; half of each file's bytes. */
        NAMES_KEPT,
        /** At random: each name or not, half or all of each file's bytes. */
        MIXED
    }

    /**
     * A change of a name in a folder since it was last forced; {@code from} or {@code to} is null for a creation or
     * deletion.
     */
    private record Change(String from, String to, Node node) {}

    private static final class Node {
        private final Map<String, Node> names = new TreeMap<>();
        private final Map<String, Node> safeNames = new TreeMap<>();
        private final List<Change> changes = new ArrayList<>();
        private final boolean folder;
        private byte[] bytes = new byte[0];
        private boolean forced;

        private Node(boolean folder) {
            this.folder = folder;
        }

        private void change(String from, String to, Node node) {
            apply(names, from, to, node);
            changes.add(new Change(from, to, node));
        }

        private static void apply(Map<String, Node> names, String from, String to, Node node) {
            if (from != null) {
                names.remove(from);
            }
            if (to != null) {
                names.put(to, node);
            }
        }

        private void force() {
            safeNames.clear();
            safeNames.putAll(names);
            changes.clear();
            forced = true;
        }
    }

    private final Path base;
    private final Node root = new Node(true);

    /** @param base a folder; its content counts as forced */
    DiskModel(Path base) {
        this.base = base;
        try (Stream<Path> paths = Files.walk(base)) {
            for (Path path : paths.sorted().skip(1).toList()) {
                created(path, Files.isDirectory(path));
                if (Files.isRegularFile(path)) {
                    written(path, 0, Files.readAllBytes(path));
                }
                forced(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        forceFolders(root);
    }

    private static void forceFolders(Node node) {
        node.names.values().forEach(DiskModel::forceFolders);
        node.force();
    }

    private Node node(Path path) {
        Node node = root;
        for (Path name : base.relativize(path)) {
            node = name.toString().isEmpty() ? node : node.names.get(name.toString());
        }
        return node;
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    void created(Path path, boolean folder) {
        node(path.getParent()).change(null, name(path), new Node(folder));
    }

    void written(Path path, long position, byte[] added) {
        Node file = node(path);
        int from = Math.toIntExact(position);
        file.bytes = Arrays.copyOf(file.bytes, Math.max(file.bytes.length, from + added.length));
        System.arraycopy(added, 0, file.bytes, from, added.length);
        file.forced = false;
    }

    void truncated(Path path) {
        node(path).bytes = new byte[0];
        node(path).forced = false;
    }

    void forced(Path path) {
        node(path).force();
    }

    void deleted(Path path) {
        node(path.getParent()).change(name(path), null, null);
    }

    void moved(Path from, Path to) {
        if (!from.getParent().equals(to.getParent())) {
            throw new AssertionError("a move between folders is not modelled: " + from + " to " + to);
        }
        node(from.getParent()).change(name(from), name(to), node(from));
    }

    /** Writes what survives into the empty folder {@code copy}. */
    void recover(Path copy, Cut cut, Random random) throws IOException {
        recover(root, copy, cut, random);
    }

    private static void recover(Node node, Path path, Cut cut, Random random) throws IOException {
        if (!node.folder) {
            Files.write(path, Arrays.copyOf(node.bytes, left(node, cut, random)));
            return;
        }
        Files.createDirectories(path);
        Map<String, Node> names = new TreeMap<>(node.safeNames);
        for (Change change : node.changes) {
            if (cut == Cut.NAMES_KEPT || cut == Cut.MIXED && random.nextBoolean()) {
                Node.apply(names, change.from, change.to, change.node);
            }
        }
        for (Map.Entry<String, Node> entry : names.entrySet()) {
            recover(entry.getValue(), path.resolve(entry.getKey()), cut, random);
        }
    }

    private static int left(Node file, Cut cut, Random random) {
        if (file.forced) {
            return file.bytes.length;
        }
        return file.bytes.length * (cut == Cut.MIXED ? random.nextInt(3) : 1) / 2;
    }
}
