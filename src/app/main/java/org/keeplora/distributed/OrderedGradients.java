package org.keeplora.distributed;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Gradients summed part by part in the order of {@link PairwiseSum}. The tensor that the parts share gets the sum of
 * their gradients, and every process continues the backward pass from there by itself.
 */
final class OrderedGradients implements GradientSum {
    private final ProcessGroup group;
    private final List<Tensor> parameters;

    OrderedGradients(ProcessGroup group, List<Tensor> parameters) {
        this.group = group;
        this.parameters = parameters;
    }

    @Override
    public void backward(Pending<Tensor> common, PartLoss loss) {
        GraphCut cut = new GraphCut(common.await());
        PairwiseSum terms = new PairwiseSum();
        LeafGradients gradients = new LeafGradients(cut.with(parameters));
        for (int part = 0; part < group.parts(); part++) {
            try (PointerScope scope = new PointerScope()) {
                loss.of(part, cut::leaf).backward();
                terms.add(gradients.take());
            }
        }
        List<Tensor> sums = terms.total();
        group.sum("the gradients of a step", sums);
        gradients.put(sums);
        cut.backwardThroughCut();
    }

    @Override
    public void close() {}
}
