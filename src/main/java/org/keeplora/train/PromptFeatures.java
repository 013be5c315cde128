package org.keeplora.train;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.keeplora.clip.Autocast;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Precision;
import org.keeplora.clip.TokenBatch;
import org.keeplora.ranks.Ranks;
import org.keeplora.ranks.Share;

/** Text features of class prompts; where there are many, every rank encodes its share. */
record PromptFeatures(ClipModel model, Precision precision, Ranks ranks) {
    /**
     * By arithmetic, not by measurement: a prompt costs a thirtieth of an image (ViT-B/16), so of ten classes two ranks save the sixth of an image
     * a step, and sharing lets them wait for each other twice more.
     */
    static final int FEWEST_TO_SHARE = 64;

    /** float32 [prompts x embedding] in the caller's scope, with gradient history where there is one; all ranks ask at the same time. */
    Tensor of(TokenBatch prompts) {
        int all = prompts.endOfText().length;
        if (ranks.size() == 1 || all < FEWEST_TO_SHARE) {
            return encoded(prompts);
        }
        Share share = Share.of(prompts.indices(), ranks);
        return ranks.gathered("the text features", encoded(prompts.select(share.items())), share, all);
    }

    private Tensor encoded(TokenBatch prompts) {
        try (Autocast narrower = Autocast.open(precision, model.device())) {
            return model.encodeText(prompts).to(ScalarType.Float);
        }
    }
}
