package org.keeplora.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The tensors of a PyTorch zip archive: a TorchScript model as OpenAI publishes CLIP, or a saved state dict. A tensor is named by the
 * path of attributes that leads to it, as {@code visual.conv1.weight}.
 *
 * <p>Nothing in the archive is executed: its code is not looked at, and its pickle is read by {@link Pickle}.
 */
public final class TorchArchive implements ArraySource {
    private static final String PICKLE = "/data.pkl";
    private static final Pickle.Global TENSOR = new Pickle.Global("torch._utils", "_rebuild_tensor_v2");
    private static final Pickle.Global PARAMETER = new Pickle.Global("torch._utils", "_rebuild_parameter");
    private static final Map<String, ElementFormat> STORAGES = Map.of(
            "BoolStorage", ElementFormat.BOOL,
            "ByteStorage", ElementFormat.U8,
            "HalfStorage", ElementFormat.F16,
            "BFloat16Storage", ElementFormat.BF16,
            "IntStorage", ElementFormat.I32,
            "FloatStorage", ElementFormat.F32,
            "LongStorage", ElementFormat.I64,
            "DoubleStorage", ElementFormat.F64);

    private final Path file;
    private final String folder;
    private final Map<String, Placed> tensors = new LinkedHashMap<>();

    /** A tensor's place in its storage; offset and strides in elements. */
    private record Placed(ElementFormat format, String storage, long offset, long[] shape, long[] strides) {}

    private TorchArchive(Path file, String folder) {
        this.file = file;
        this.folder = folder;
    }

    /** @throws BadFile when {@code file} is no such archive, or refers to anything but tensors and their containers */
    public static TorchArchive open(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry pickle = zip.stream()
                    .filter(entry -> entry.getName().endsWith(PICKLE)
                            && entry.getName().indexOf('/') == entry.getName().lastIndexOf('/'))
                    .findFirst()
                    .orElseThrow(() -> new BadFile(file, "holds no data.pkl: not an archive that PyTorch wrote"));
            String name = pickle.getName();
            TorchArchive archive = new TorchArchive(file, name.substring(0, name.length() - PICKLE.length()));
            try (InputStream in = zip.getInputStream(pickle)) {
                archive.collect("", Pickle.read(file, in.readAllBytes(), TorchArchive::isData));
            }
            return archive;
        } catch (ZipException e) {
            throw new BadFile(file, "not a whole zip archive (" + e.getMessage() + "); fetch it again", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean isData(Pickle.Global global) {
        return global.equals(TENSOR)
                || global.equals(PARAMETER)
                || global.module().equals("torch") && STORAGES.containsKey(global.name())
                || global.module().startsWith("__torch__."); // a scripted module, of which only the attributes are read
    }

    private void collect(String path, Object value) {
        if (value instanceof Map<?, ?> attributes) {
            String prefix = path.isEmpty() ? "" : path + ".";
            attributes.forEach((key, attribute) -> collect(prefix + key, attribute));
        } else if (value instanceof Pickle.Call call && call.callee().equals(TENSOR)) {
            tensors.put(path, placed(path, call.arguments()));
        } else if (value instanceof Pickle.Call call && call.callee().equals(PARAMETER)) {
            collect(path, call.arguments().get(0));
        } else if (value instanceof Pickle.Call call) {
            collect(path, call.state());
        }
    }

    private Placed placed(String name, List<?> arguments) {
        if (!(arguments.get(0) instanceof Pickle.Persistent storage
                && storage.id() instanceof List<?> id
                && id.size() == 5
                && id.get(1) instanceof Pickle.Global type
                && STORAGES.containsKey(type.name()))) {
            throw new BadFile(file, "tensor " + name + " has a storage of unknown kind");
        }
        return new Placed(
                STORAGES.get(type.name()),
                id.get(2).toString(),
                (Long) arguments.get(1),
                numbers(arguments.get(2)),
                numbers(arguments.get(3)));
    }

    private static long[] numbers(Object list) {
        return ((List<?>) list).stream().mapToLong(number -> (Long) number).toArray();
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    @Override
    public ElementFormat format(String name) {
        return tensor(name).format();
    }

    @Override
    public long[] shape(String name) {
        return tensor(name).shape().clone();
    }

    @Override
    public NamedArray get(String name) {
        Placed tensor = tensor(name);
        byte[] storage = storage(name, tensor);
        int width = tensor.format().bytes();
        long[] shape = tensor.shape();
        int count = Math.toIntExact(NamedArray.elements(shape));
        ByteBuffer data = ByteBuffer.allocate(Math.multiplyExact(count, width));
        long[] index = new long[shape.length];
        for (int i = 0; i < count; i++) {
            long element = tensor.offset();
            for (int d = 0; d < shape.length; d++) {
                element += index[d] * tensor.strides()[d];
            }
            if (element < 0 || (element + 1) * width > storage.length) {
                throw new BadFile(
                        file, "tensor " + name + " reaches beyond its storage of " + storage.length + " bytes");
            }
            data.put(storage, (int) element * width, width);
            for (int d = shape.length - 1; d >= 0 && ++index[d] == shape[d]; d--) {
                index[d] = 0;
            }
        }
        return new NamedArray(name, tensor.format(), shape.clone(), data.flip());
    }

    private byte[] storage(String name, Placed tensor) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry entry = zip.getEntry(folder + "/data/" + tensor.storage());
            if (entry == null) {
                throw new BadFile(file, "tensor " + name + ": storage data/" + tensor.storage() + " is missing");
            }
            if (entry.getSize() > Integer.MAX_VALUE - Long.BYTES) {
                throw new BadFile(
                        file, "tensor " + name + " has " + entry.getSize() + " bytes; 2 GiB or more cannot be read");
            }
            try (InputStream in = zip.getInputStream(entry)) {
                return in.readAllBytes();
            }
        } catch (IOException e) {
            throw new BadFile(
                    file, "tensor " + name + " cannot be read (" + e.getMessage() + "); fetch the file again", e);
        }
    }

    private Placed tensor(String name) {
        Placed tensor = tensors.get(name);
        if (tensor == null) {
            throw new BadFile(file, "holds no array " + name);
        }
        return tensor;
    }
}
