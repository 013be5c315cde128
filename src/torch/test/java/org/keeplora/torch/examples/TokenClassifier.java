package org.keeplora.torch.examples;

import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** A classifier of token sequences with attention, and how it is trained. */
abstract class TokenClassifier extends Classifier {
    private static final int HEAD = 8;

    @Override
    Optimizer optimizer(TensorVector parameters) {
        return new Adam(parameters, new AdamOptions(0.01));
    }

    @Override
    int steps() {
        return 64;
    }

    @Override
    double featureEnergy() {
        return 0.98;
    }

    /**
     * Attention with heads 8 wide, [n x tokens x width] as the query; key and value may have fewer heads.
     *
     * @param causal whether a token sees only itself and those before it
     */
    static Tensor attended(Tensor query, Tensor key, Tensor value, boolean causal) {
        return torch.scaled_dot_product_attention(
                        heads(query),
                        heads(key),
                        heads(value),
                        new TensorOptional(),
                        0,
                        causal,
                        new DoubleOptional(),
                        true)
                .transpose(1, 2)
                .flatten(2, 3);
    }

    /** [n x tokens x width] to [n x heads x tokens x 8]. */
    private static Tensor heads(Tensor x) {
        return x.unflatten(2, -1, HEAD).transpose(1, 2);
    }
}
