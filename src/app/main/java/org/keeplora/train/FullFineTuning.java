package org.keeplora.train;

import java.util.Map;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.ModelState;
import org.keeplora.clip.Site;
import org.keeplora.torch.Adapter;

/** Trains all weights of both towers on every task. Needs a far smaller learning rate than adapters do. */
final class FullFineTuning implements ContinualMethod {
    private final ClipModel model;

    FullFineTuning(ClipModel model) {
        this.model = model;
    }

    @Override
    public Map<Site, Adapter> start(TaskData task) {
        model.unfreeze();
        return Map.of();
    }

    @Override
    public void resume(TaskData task) {
        model.unfreeze();
    }

    @Override
    public ModelState.Weights changedWeights() {
        return ModelState.Weights.ALL;
    }
}
