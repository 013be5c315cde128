package org.keeplora.torch;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** PyTorch's random permutation, which the official data splits use. */
public final class TorchShuffle {
    private TorchShuffle() {}

    /** The result of {@code torch.randperm(n)} with a new generator of seed {@code seed}; changes no global state. */
    public static int[] permutation(int n, long seed) {
        try (PointerScope scope = new PointerScope()) {
            Generator generator = torch.make_generator_cpu(seed);
            Tensor order = torch.randperm(n, new GeneratorOptional(generator), new TensorOptions(ScalarType.Long));
            int[] permutation = new int[n];
            for (int i = 0; i < n; i++) {
                permutation[i] = (int) order.data_ptr_long().get(i);
            }
            return permutation;
        }
    }
}
