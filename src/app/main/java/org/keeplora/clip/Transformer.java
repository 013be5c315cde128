package org.keeplora.clip;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.keeplora.clip.ClipArchitecture.TowerArchitecture;
import org.keeplora.torch.AdaptedLinear;

/** CLIP's residual attention blocks, for either tower: pre-normalisation; causal attention in the text tower. */
final class Transformer implements AutoCloseable {
    private final Tower tower;
    private final int heads;
    private final List<Block> blocks = new ArrayList<>();

    private record Block(
            LayerNorm beforeAttention, AdaptedLinear qkv, AdaptedLinear out, LayerNorm beforeMlp, Mlp mlp) {
        void close() {
            qkv.close();
            out.close();
        }
    }

    Transformer(ClipWeights weights, Tower tower, TowerArchitecture architecture) {
        this.tower = tower;
        this.heads = architecture.heads();
        long width = architecture.width();
        for (int i = 0; i < architecture.blocks(); i++) {
            String block = tower.prefix() + ".resblocks." + i + ".";
            blocks.add(new Block(
                    new LayerNorm(weights, block + "ln_1", width),
                    new AdaptedLinear(
                            weights.take(block + "attn.in_proj_weight", 3 * width, width),
                            weights.take(block + "attn.in_proj_bias", 3 * width),
                            3),
                    new AdaptedLinear(
                            weights.take(block + "attn.out_proj.weight", width, width),
                            weights.take(block + "attn.out_proj.bias", width),
                            1),
                    new LayerNorm(weights, block + "ln_2", width),
                    new Mlp(weights, block + "mlp", architecture)));
        }
    }

    /**
     * From [n x tokens x width] to the rows [n x width] that {@code read} selects. After the last attention tokens no
     * longer interact, so the rest of the last block is computed only for these rows.
     *
     * @param tap may be null
     */
    Tensor forward(Tensor x, UnaryOperator<Tensor> read, FeatureTap tap) {
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            Tensor normalized = block.beforeAttention().forward(x);
            feedTap(tap, i, SiteInput.Reader.QKV, normalized);
            Tensor attended = attention(block.qkv().forward(normalized));
            feedTap(tap, i, SiteInput.Reader.O, attended);
            if (i == blocks.size() - 1) {
                attended = read.apply(attended);
                x = read.apply(x);
            }
            x = x.add(block.out().forward(attended));
            x = x.add(block.mlp().forward(block.beforeMlp().forward(x)));
        }
        return x;
    }

    private void feedTap(FeatureTap tap, int block, SiteInput.Reader reader, Tensor activations) {
        if (tap != null) {
            tap.accept(new SiteInput(tower, block, reader), activations);
        }
    }

    /** From packed q, k, v [n x tokens x 3·width] to attended values [n x tokens x width]. */
    private Tensor attention(Tensor packed) {
        long n = packed.size(0);
        long tokens = packed.size(1);
        long width = packed.size(2) / 3;
        TensorVector split = packed.reshape(n, tokens, 3, heads, width / heads)
                .permute(2, 0, 3, 1, 4)
                .unbind();
        boolean causal = tower == Tower.TEXT;
        Tensor attended = torch.scaled_dot_product_attention(
                split.get(0), split.get(1), split.get(2), new TensorOptional(), 0, causal, new DoubleOptional(), false);
        return attended.permute(0, 2, 1, 3).reshape(n, tokens, width);
    }

    /** The linear map that contains {@code site}. */
    AdaptedLinear linear(Site site) {
        Block block = blocks.get(site.block());
        return site.projection() == AttentionProjection.O ? block.out() : block.qkv();
    }

    @Override
    public void close() {
        blocks.forEach(Block::close);
    }
}
