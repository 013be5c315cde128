package org.keeplora.train;

import java.util.List;
import java.util.Map;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.engine.Linalg;
import org.keeplora.method.PrincipalSubspace;
import org.keeplora.torch.Adapter;

/** KeepLoRA with nothing protected: the baseline that shows what the subspaces are worth. */
final class GradientLora implements ContinualMethod {
    private final GradientStart start;
    private final List<Site> sites;
    private final List<PrincipalSubspace> nothing;

    GradientLora(ClipModel model, Linalg linalg, GradientStart start) {
        this.start = start;
        this.sites = model.sites();
        this.nothing = sites.stream()
                .map(site ->
                        PrincipalSubspace.empty(linalg, (int) model.weight(site).size(1)))
                .toList();
    }

    @Override
    public Map<Site, Adapter> start(TaskData task) {
        return start.adapters(task, sites, nothing);
    }

    @Override
    public void close() {
        nothing.forEach(PrincipalSubspace::close);
    }
}
