package org.keeplora.train;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.torch.Tensors;

/** The weights that a run changes, for comparison. */
final class SiteWeights {
    private SiteWeights() {}

    /** A copy of every site's weight, in the order of the sites. */
    static List<float[]> of(ClipModel model) {
        List<float[]> weights = new ArrayList<>();
        try (PointerScope scope = new PointerScope()) {
            for (Site site : model.sites()) {
                weights.add(Tensors.floats(model.weight(site).contiguous()));
            }
        }
        return weights;
    }
}
