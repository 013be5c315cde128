package org.keeplora.clip;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.keeplora.torch.AdaptedLinear;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchDevice;

/** From tokens to text features: embedding, causal transformer, projection of the end-of-text token. */
final class TextEncoder implements AutoCloseable {
    private final TorchDevice device;
    private final Tensor tokenEmbedding;
    private final Tensor positions;
    private final LayerNorm after;
    private final Tensor projection;
    private final Transformer transformer;

    TextEncoder(ClipWeights weights, ClipArchitecture architecture, TorchDevice device) {
        this.device = device;
        long width = architecture.text().width();
        tokenEmbedding = weights.take("token_embedding.weight", architecture.vocabulary(), width);
        positions = weights.take("positional_embedding", architecture.contextLength(), width);
        after = new LayerNorm(weights, "ln_final", width);
        projection = weights.take("text_projection", width, architecture.embedding());
        transformer = new Transformer(weights, Tower.TEXT, architecture.text());
    }

    /**
     * From prompts to features [prompts x embedding].
     *
     * @param tap receives the inputs of adapted maps; may be null
     */
    Tensor encode(TokenBatch prompts, FeatureTap tap) {
        boolean whole = device != TorchDevice.CPU || tap != null || !prompts.isCut();
        return whole
                ? encode(device.move(prompts.ids()), prompts.endOfText(), tap)
                : PromptGroups.encode(prompts, (ids, endOfText) -> encode(ids, endOfText, null));
    }

    private Tensor encode(Tensor ids, int[] endOfText, FeatureTap tap) {
        long length = ids.size(1);
        Tensor x = torch.embedding(tokenEmbedding, ids).add(positions.narrow(0, 0, length));
        long[] rows = new long[endOfText.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i * length + endOfText[i];
        }
        Tensor ends = device.move(Tensors.ofLongs(rows));
        Tensor atEnd =
                transformer.forward(x, tokenRows -> tokenRows.flatten(0, 1).index_select(0, ends), tap);
        return after.forward(atEnd).matmul(projection);
    }

    AdaptedLinear linear(Site site) {
        return transformer.linear(site);
    }

    @Override
    public void close() {
        transformer.close();
    }
}
