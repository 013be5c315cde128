package org.keeplora.clip;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.store.NamedArray;
import org.keeplora.store.Safetensors;

/** A checkpoint with OpenAI's tensor names, read once; every tensor is asked for by name and shape. */
final class ClipWeights {
    /** Numbers that OpenAI's archives carry beside the weights. */
    private static final Set<String> HARMLESS = Set.of("input_resolution", "context_length", "vocab_size");

    private final Safetensors file;
    private final Set<String> unread;

    ClipWeights(Path file) {
        this.file = Safetensors.open(file);
        this.unread = new TreeSet<>(this.file.names());
        unread.removeAll(HARMLESS);
    }

    /** Shape of {@code name}, which must have {@code dimensions} dimensions. */
    long[] shape(String name, int dimensions) {
        long[] shape = array(name).shape();
        if (shape.length != dimensions) {
            throw new IllegalArgumentException(file.file() + ": tensor '" + name + "' has shape "
                    + Arrays.toString(shape) + " but " + dimensions + " dimensions are expected of a CLIP ViT");
        }
        return shape;
    }

    /** How many residual blocks a tower has. */
    int blocks(Tower tower) {
        String prefix = tower.prefix() + ".resblocks.";
        return (int) file.names().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length(), name.indexOf('.', prefix.length())))
                .distinct()
                .count();
    }

    /** A float32 copy of {@code name}, kept until closed. */
    Tensor take(String name, long... shape) {
        NamedArray array = array(name);
        if (!Arrays.equals(array.shape(), shape)) {
            throw new IllegalArgumentException(file.file() + ": tensor '" + name + "' has shape "
                    + Arrays.toString(array.shape()) + " but " + Arrays.toString(shape) + " is expected");
        }
        unread.remove(name);
        return Tensors.keep(Tensors.ofFloats(array.toFloats(), shape));
    }

    private NamedArray array(String name) {
        if (!file.names().contains(name)) {
            throw new IllegalArgumentException(file.file() + ": tensor '" + name
                    + "' is missing; a CLIP ViT with OpenAI's tensor names is expected");
        }
        return file.get(name);
    }

    void requireAllTaken() {
        if (!unread.isEmpty()) {
            throw new IllegalArgumentException(
                    file.file() + ": tensors that no CLIP ViT has: " + String.join(", ", unread));
        }
    }
}
