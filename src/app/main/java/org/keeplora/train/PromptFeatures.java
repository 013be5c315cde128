package org.keeplora.train;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.TokenBatch;
import org.keeplora.distributed.LocalBatch;
import org.keeplora.distributed.Pending;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.torch.Autocast;
import org.keeplora.torch.Precision;

/** Text features of class prompts; where there are many, every process encodes its share, but for {@link ProcessGroup#isOrdered ordered} processes. */
record PromptFeatures(ClipModel model, Precision precision, ProcessGroup group) {
    /** With 37 classes and more two processes are faster for it, with 10 they are not (benchmarks/EXPERIMENTS.md, 20). */
    static final int FEWEST_TO_SHARE = 32;

    /** float32 [prompts x embedding] in the caller's scope, with gradient history where there is one; all processes ask at the same time. */
    Pending<Tensor> begin(TokenBatch prompts) {
        int all = prompts.endOfText().length;
        if (group.size() == 1 || group.isOrdered() || all < FEWEST_TO_SHARE) {
            Tensor own = encoded(prompts);
            return () -> own;
        }
        LocalBatch share = LocalBatch.of(prompts.indices(), group, 0);
        return group.gather("the text features", encoded(prompts.select(share.items())), share, all);
    }

    private Tensor encoded(TokenBatch prompts) {
        try (Autocast narrower = Autocast.open(precision, model.device())) {
            return model.encodeText(prompts).to(ScalarType.Float);
        }
    }
}
