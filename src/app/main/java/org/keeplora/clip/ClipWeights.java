package org.keeplora.clip;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.keeplora.store.ArraySource;
import org.keeplora.store.BadFile;
import org.keeplora.store.ElementFormat;
import org.keeplora.store.NamedArray;
import org.keeplora.torch.Precision;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchDevice;

/**
 * A checkpoint's tensors. Each is requested once, by OpenAI's name and by shape; errors use the checkpoint's own names.
 */
final class ClipWeights {
    /** A constant that some checkpoints store with the weights. */
    private static final String CAUSAL_MASK = "attn_mask";
    /** The position numbers 0, 1, 2, ..., which some checkpoints store, even as floats. */
    private static final String POSITIONS = "embeddings.position_ids";

    private final ArraySource source;
    private final TorchDevice device;
    private final TensorNames layout;
    private final Set<String> unread;
    private final Map<String, Tensor> taken = new LinkedHashMap<>();

    ClipWeights(ArraySource source, TensorNames layout, TorchDevice device) {
        this.source = source;
        this.device = device;
        this.layout = layout;
        this.unread = new TreeSet<>(source.names());
        unread.removeIf(name -> name.equals(CAUSAL_MASK) || name.endsWith(POSITIONS) || isInteger(source.format(name)));
    }

    /** Whether an array has integers (positions, sizes), which are not weights. */
    private static boolean isInteger(ElementFormat format) {
        return format != ElementFormat.F16
                && format != ElementFormat.BF16
                && format != ElementFormat.F32
                && format != ElementFormat.F64;
    }

    /** Shape of {@code name}, which must have {@code dimensions} dimensions. */
    long[] shape(String name, int dimensions) {
        TensorNames.Stored stored = layout.stored(name);
        String first = stored.parts().get(0);
        long[] shape = existing(first);
        if (shape.length != dimensions) {
            throw new BadFile(
                    source.file(),
                    "tensor '" + first + "' has shape " + Arrays.toString(shape) + " but " + dimensions
                            + " dimensions are expected of a CLIP ViT");
        }
        return stored.transposed() ? reversed(shape) : shape;
    }

    /** The number of residual blocks of a tower. */
    int blocks(Tower tower) {
        String prefix = layout.blocks(tower);
        return (int) source.names().stream()
                .filter(name -> name.startsWith(prefix) && name.indexOf('.', prefix.length()) > 0)
                .map(name -> name.substring(prefix.length(), name.indexOf('.', prefix.length())))
                .distinct()
                .count();
    }

    /** A float32 copy of {@code name} on the device, closed by {@link #close}. */
    Tensor take(String name, long... shape) {
        TensorNames.Stored stored = layout.stored(name);
        List<String> parts = stored.parts();
        try (PointerScope scope = new PointerScope()) {
            List<Tensor> pieces = new ArrayList<>();
            for (String part : parts) {
                long[] expected = stored.transposed() ? reversed(shape) : shape.clone();
                if (parts.size() > 1) {
                    expected[0] /= parts.size();
                }
                pieces.add(piece(part, expected));
            }
            Tensor whole =
                    parts.size() == 1 ? pieces.get(0) : torch.cat(new TensorVector(pieces.toArray(Tensor[]::new)), 0);
            Tensor kept =
                    Tensors.keep(device.move(stored.transposed() ? whole.t().contiguous() : whole));
            taken.put(name, kept);
            return kept;
        }
    }

    private Tensor piece(String part, long[] expected) {
        long[] found = existing(part);
        boolean one =
                expected.length == 0 && Arrays.equals(found, new long[] {1}); // a scalar, as open_clip may store it
        if (!one && !Arrays.equals(found, expected)) {
            throw new BadFile(
                    source.file(),
                    "tensor '" + part + "' has shape " + Arrays.toString(found) + " but " + Arrays.toString(expected)
                            + " is expected");
        }
        unread.remove(part);
        NamedArray array = source.get(part);
        return Tensors.ofFloats(array.toFloats(), expected);
    }

    private long[] existing(String part) {
        if (!source.names().contains(part)) {
            throw new BadFile(source.file(), "tensor '" + part + "' is missing; a CLIP ViT is expected");
        }
        return source.shape(part);
    }

    /** The float type of the largest tensors. */
    Precision precision() {
        return switch (source.format(
                layout.stored("visual.conv1.weight").parts().get(0))) {
            case F16 -> Precision.FLOAT16;
            case BF16 -> Precision.BFLOAT16;
            default -> Precision.FLOAT32;
        };
    }

    BadFile impossible(String sizes) {
        return new BadFile(source.file(), sizes + "; give a CLIP ViT");
    }

    private static long[] reversed(long[] shape) {
        long[] reversed = new long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            reversed[i] = shape[shape.length - 1 - i];
        }
        return reversed;
    }

    /** All tensors taken so far, by OpenAI's names, in the order of taking. */
    Map<String, Tensor> taken() {
        return taken;
    }

    void requireAllTaken() {
        if (!unread.isEmpty()) {
            throw new BadFile(source.file(), "tensors that no CLIP ViT has: " + String.join(", ", unread));
        }
    }

    /** Frees the tensors taken for a model that could not be completed. */
    void close() {
        taken.values().forEach(Tensor::close);
    }
}
