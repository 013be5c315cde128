package org.keeplora.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of a PyTorch zip archive: a TorchScript model as OpenAI publishes CLIP, or a saved state dict. A tensor's
 * name is its path of attributes, such as {@code visual.conv1.weight}.
 *
 * <p>Nothing in the archive is executed: its code is not read, and its pickle is read by {@link Pickle}.
 */
public final class TorchArchive implements ArraySource {
    /** The first bytes of files by torch before 1.6: a pickled number. */
    static final byte[] LEGACY = {
        (byte) 0x80,
        2,
        (byte) 0x8a,
        10,
        0x6c,
        (byte) 0xfc,
        (byte) 0x9c,
        0x46,
        (byte) 0xf9,
        0x20,
        0x6a,
        (byte) 0xa8,
        0x50,
        0x19,
        '.'
    };

    private static final String PICKLE = "/data.pkl";
    /** Limit for data.pkl, which has about 100 bytes a tensor. */
    private static final int MOST_PICKLE = 16 << 20;

    private static final int MOST_ORDER = 16;
    /** Index of an argument of {@link #TENSOR} that most archives omit. */
    private static final int METADATA = 6;

    private static final int MOST_LEVELS = 64;
    private static final int MOST_ATTRIBUTES = 1_000_000;
    private static final int LONGEST_NAME = 1_000;
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
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    private int visited;

    /** A tensor's place in its storage; offset and strides in elements. */
    private record StoredTensor(ElementFormat format, String storage, long offset, long[] shape, long[] strides) {}

    private TorchArchive(Path file, String folder) {
        this.file = file;
        this.folder = folder;
    }

    /** @throws BadFile when {@code file} is no such archive, or refers to anything but tensors and their containers */
    public static TorchArchive open(Path file) {
        try (TorchZip zip = TorchZip.open(file)) {
            List<String> pickles = zip.names().stream()
                    .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.lastIndexOf('/'))
                    .toList();
            if (pickles.size() != 1) {
                throw new BadFile(
                        file,
                        "holds " + (pickles.isEmpty() ? "no" : pickles.size() + " times")
                                + " data.pkl: not an archive that PyTorch wrote; give another file");
            }
            String name = pickles.get(0);
            TorchArchive archive = new TorchArchive(file, name.substring(0, name.length() - PICKLE.length()));
            archive.requireLittleEndian(zip);
            byte[] pickle = zip.read(name, "data.pkl", MOST_PICKLE);
            archive.collect("", Pickle.read(file, pickle, TorchArchive::isData), 0);
            return archive;
        }
    }

    private static boolean isData(Pickle.Global global) {
        return global.equals(TENSOR)
                || global.equals(PARAMETER)
                || global.module().equals("torch") && STORAGES.containsKey(global.name())
                || global.module().startsWith("__torch__."); // a scripted module; only its attributes are read
    }

    /** Collects tensors along the attributes; a limit ends cycles and repeated objects. */
    private void collect(String path, Object value, int level) {
        require(level <= MOST_LEVELS, "nests deeper than %d levels, or holds itself", MOST_LEVELS);
        require(++visited <= MOST_ATTRIBUTES, "holds more than %d attributes", MOST_ATTRIBUTES);
        require(path.length() <= LONGEST_NAME, "holds a name of more than %d letters", LONGEST_NAME);
        if (value instanceof Map<?, ?> attributes) {
            String prefix = path.isEmpty() ? "" : path + ".";
            attributes.forEach((key, attribute) -> collect(prefix + key, attribute, level + 1));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                collect(path.isEmpty() ? "" + i : path + "." + i, list.get(i), level + 1);
            }
        } else if (value instanceof Pickle.Call call && call.callee().equals(TENSOR)) {
            if (tensors.put(path, storedTensor(path, call.arguments())) != null) {
                throw new BadFile(file, "holds tensor " + path + " twice; fetch it again");
            }
        } else if (value instanceof Pickle.Call call && call.callee().equals(PARAMETER)) {
            collect(path, call.arguments().isEmpty() ? null : call.arguments().get(0), level + 1);
        } else if (value instanceof Pickle.Call call) {
            collect(path, call.state(), level + 1);
        }
    }

    private void require(boolean holds, String problem, int limit) {
        if (!holds) {
            throw new BadFile(file, "data.pkl " + String.format(Locale.ROOT, problem, limit) + "; give another file");
        }
    }

    /** @throws BadFile when the archive states another byte order */
    private void requireLittleEndian(TorchZip zip) {
        String entry = folder + "/byteorder";
        if (zip.names().contains(entry)) {
            String order = new String(zip.read(entry, "byteorder", MOST_ORDER), StandardCharsets.ISO_8859_1);
            if (!order.equals("little")) {
                throw new BadFile(file, "byteorder is " + order + "; only little is supported");
            }
        }
    }

    private StoredTensor storedTensor(String name, List<?> arguments) {
        if (arguments.size() > METADATA
                && !(arguments.get(METADATA) instanceof Map<?, ?> metadata && metadata.isEmpty())) {
            throw new BadFile(
                    file,
                    "tensor " + name + " is a negated or conjugate view; save a copy of it (tensor.resolve_neg())");
        }
        if (!(arguments.size() >= 4
                && arguments.get(0) instanceof Pickle.Persistent storage
                && storage.id() instanceof List<?> id
                && id.size() == 5
                && id.get(1) instanceof Pickle.Global type
                && STORAGES.containsKey(type.name())
                && id.get(2) instanceof String key)) {
            throw new BadFile(file, "tensor " + name + " has a storage of unknown kind; give another file");
        }
        long[] offset = numbers(name, List.of(arguments.get(1) instanceof Long first ? first : -1L));
        long[] shape = numbers(name, arguments.get(2));
        long[] strides = numbers(name, arguments.get(3));
        if (shape.length != strides.length) {
            throw badPlacement(name);
        }
        return new StoredTensor(STORAGES.get(type.name()), key, offset[0], shape, strides);
    }

    private long[] numbers(String name, Object list) {
        if (!(list instanceof List<?> values && values.size() <= MOST_LEVELS)) {
            throw badPlacement(name);
        }
        long[] numbers = new long[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(values.get(i) instanceof Long number && number >= 0)) {
                throw badPlacement(name);
            }
            numbers[i] = number;
        }
        return numbers;
    }

    private BadFile badPlacement(String name) {
        return new BadFile(file, "tensor " + name + ": offset, shape or strides are not counts; fetch the file again");
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
        StoredTensor tensor = tensor(name);
        byte[] storage = storage(name, tensor);
        int width = tensor.format().bytes();
        long[] shape = tensor.shape();
        int count = (int) elementsWithin(name, tensor, storage.length / width);
        ByteBuffer data = ByteBuffer.allocate(count * width);
        long[] index = new long[shape.length];
        for (int i = 0; i < count; i++) {
            int element = (int) tensor.offset();
            for (int d = 0; d < shape.length; d++) {
                element += (int) (index[d] * tensor.strides()[d]);
            }
            data.put(storage, element * width, width);
            for (int d = shape.length - 1; d >= 0 && ++index[d] == shape[d]; d--) {
                index[d] = 0;
            }
        }
        return new NamedArray(name, tensor.format(), shape.clone(), data.flip());
    }

    /**
     * The number of elements of the tensor; refuses a tensor that reaches beyond its storage or has more elements than
     * it.
     */
    private long elementsWithin(String name, StoredTensor tensor, long stored) {
        try {
            long count = NamedArray.elements(tensor.shape());
            long last = tensor.offset();
            for (int d = 0; d < tensor.shape().length; d++) {
                last = Math.addExact(last, Math.multiplyExact(tensor.shape()[d] - 1, tensor.strides()[d]));
            }
            if (count == 0 || count <= stored && last < stored) {
                return count;
            }
            throw new ArithmeticException(last + " of " + stored);
        } catch (ArithmeticException e) {
            throw new BadFile(
                    file,
                    "tensor " + name + " reaches beyond its storage of " + stored + " elements; fetch the file again",
                    e);
        }
    }

    private byte[] storage(String name, StoredTensor tensor) {
        try (TorchZip zip = TorchZip.open(file)) {
            String key = tensor.storage();
            return zip.read(
                    folder + "/data/" + key,
                    "tensor " + name + ": storage data/" + key,
                    Integer.MAX_VALUE - Long.BYTES);
        }
    }

    private StoredTensor tensor(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new BadFile(file, "holds no array " + name + "; give the file that does");
        }
        return tensor;
    }
}
