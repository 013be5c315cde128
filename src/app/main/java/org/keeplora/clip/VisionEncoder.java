package org.keeplora.clip;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.keeplora.torch.AdaptedLinear;

/** From pixels to image features: patches, class token, transformer, projection. */
final class VisionEncoder implements AutoCloseable {
    private final long patch;
    private final long width;
    private final Tensor patches;
    private final Tensor classEmbedding;
    private final Tensor positions;
    private final LayerNorm before;
    private final LayerNorm after;
    private final Tensor projection;
    private final Transformer transformer;

    VisionEncoder(ClipWeights weights, ClipArchitecture architecture) {
        patch = architecture.patchSize();
        width = architecture.vision().width();
        long grid = architecture.imageSize() / patch;
        patches = weights.take("visual.conv1.weight", width, 3, patch, patch);
        classEmbedding = weights.take("visual.class_embedding", width);
        positions = weights.take("visual.positional_embedding", grid * grid + 1, width);
        before = new LayerNorm(weights, "visual.ln_pre", width);
        after = new LayerNorm(weights, "visual.ln_post", width);
        projection = weights.take("visual.proj", width, architecture.embedding());
        transformer = new Transformer(weights, Tower.VISION, architecture.vision());
    }

    /**
     * From normalised pixels [n x 3 x px x px] to features [n x embedding].
     *
     * @param tap receives the inputs of adapted maps; may be null
     */
    Tensor encode(Tensor pixels, FeatureTap tap) {
        long[] stride = {patch, patch};
        Tensor grid =
                torch.conv2d(pixels, patches, new TensorOptional(), stride, new long[] {0, 0}, new long[] {1, 1}, 1);
        long n = pixels.size(0);
        Tensor tokens = grid.reshape(n, width, -1).permute(0, 2, 1);
        Tensor withClass = torch.cat(new TensorVector(classEmbedding.expand(n, 1, width), tokens), 1);
        Tensor x = before.forward(withClass.add(positions));
        Tensor classToken = transformer.forward(x, tokenRows -> tokenRows.select(1, 0), tap);
        return after.forward(classToken).matmul(projection);
    }

    AdaptedLinear linear(Site site) {
        return transformer.linear(site);
    }

    @Override
    public void close() {
        transformer.close();
    }
}
