package org.keeplora.distributed;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Gradients summed part by part in the order of {@link PairwiseSum}. What the parts have in common gets the sum of their gradients, and
 * every rank goes on from there by itself.
 */
final class OrderedGradients implements GradientSum {
    private final Ranks ranks;
    private final List<Tensor> parameters;

    OrderedGradients(Ranks ranks, List<Tensor> parameters) {
        this.ranks = ranks;
        this.parameters = parameters;
    }

    @Override
    public void backward(Pending<Tensor> common, PartLoss loss) {
        Junction junction = new Junction(common.await());
        PassGradients gradients = new PassGradients(junction.with(parameters));
        for (int part = 0; part < ranks.parts(); part++) {
            try (PointerScope scope = new PointerScope()) {
                loss.of(part, junction::leaf).backward();
                gradients.take();
            }
        }
        gradients.sum("the gradients of a step", ranks);
        junction.goOn();
    }

    @Override
    public void close() {}
}
