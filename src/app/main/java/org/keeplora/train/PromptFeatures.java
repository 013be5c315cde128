package org.keeplora.train;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.TokenBatch;
import org.keeplora.distributed.Pending;
import org.keeplora.distributed.Ranks;
import org.keeplora.distributed.Share;
import org.keeplora.torch.Autocast;
import org.keeplora.torch.Precision;

/** Text features of class prompts; where there are many, every rank encodes its share, but for {@link Ranks#isOrdered ordered} ranks. */
record PromptFeatures(ClipModel model, Precision precision, Ranks ranks) {
    /** With 37 classes and more two ranks are faster for it, with 10 they are not (benchmarks/EXPERIMENTS.md, 20). */
    static final int FEWEST_TO_SHARE = 32;

    /** float32 [prompts x embedding] in the caller's scope, with gradient history where there is one; all ranks ask at the same time. */
    Pending<Tensor> begin(TokenBatch prompts) {
        int all = prompts.endOfText().length;
        if (ranks.size() == 1 || ranks.isOrdered() || all < FEWEST_TO_SHARE) {
            Tensor own = encoded(prompts);
            return () -> own;
        }
        Share share = Share.of(prompts.indices(), ranks, 0);
        return ranks.gather("the text features", encoded(prompts.select(share.items())), share, all);
    }

    private Tensor encoded(TokenBatch prompts) {
        try (Autocast narrower = Autocast.open(precision, model.device())) {
            return model.encodeText(prompts).to(ScalarType.Float);
        }
    }
}
