package org.keeplora.train;

import java.util.Map;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.torch.Adapter;

/** KeepLoRA with nothing protected: the baseline that shows what the subspaces are worth. */
final class GradientLora implements ContinualMethod {
    private final GradientStart start;
    private final SiteSubspaces nothing;

    GradientLora(ClipModel model, ComputeContext context, RunSettings settings) {
        this.start = new GradientStart(model, context, settings);
        this.nothing = SiteSubspaces.empty(context.linalg(), model);
    }

    @Override
    public Map<Site, Adapter> start(TaskData task) {
        return start.adapters(task, nothing);
    }

    @Override
    public void close() {
        nothing.close();
    }
}
