package org.keeplora.torch;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.engine.internal.Require;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.learner.ContinualLearner;
import org.keeplora.learner.Inputs;
import org.keeplora.learner.Site;

/**
 * A pass over a learned task's data that sums what the layers read, while it is open. Layers of one input are counted
 * once, and must read the same. It is opened and closed in one PointerScope, on one thread.
 */
final class InputPass implements AutoCloseable {
    private final Map<String, KeepLoraLinear> layers;
    private final ContinualLearner learner;
    private final Inputs inputs;
    private final NoGradGuard guard = new NoGradGuard();
    /** By input, the layer that was the first to read it in this batch, and what it read last. */
    private final Map<String, Read> reads = new HashMap<>();

    private record Read(String layer, Tensor x) {}

    InputPass(Map<String, KeepLoraLinear> layers, ContinualLearner learner, Inputs inputs) {
        this.layers = layers;
        this.learner = learner;
        this.inputs = inputs;
        layers.forEach((name, layer) -> {
            Site site = learner.sites().get(name);
            if (site.featureEnergy() > 0) {
                layer.tap(x -> read(site, x));
            }
        });
    }

    private void read(Site site, Tensor x) {
        try (PointerScope tensors = new PointerScope();
                ResourceScope scope = new ResourceScope()) {
            Read first = reads.get(site.input());
            if (first == null || first.layer().equals(site.name())) {
                inputs.add(site.input(), TorchValues.ofRows(x, learner.linalg(), scope));
                remember(site, x.detach());
            } else {
                Require.that(
                        isSame(first.x(), x),
                        "end: %s and %s are declared to read one input, %s, but read different tensors",
                        first.layer(),
                        site.name(),
                        site.input());
            }
        }
    }

    private void remember(Site site, Tensor x) {
        Read last = reads.put(site.input(), new Read(site.name(), Tensors.keep(x)));
        if (last != null) {
            last.x().close();
        }
    }

    private static boolean isSame(Tensor one, Tensor other) {
        return one.data_ptr().address() == other.data_ptr().address() && one.numel() == other.numel()
                || one.scalar_type().intern() == other.scalar_type().intern() && one.equal(other);
    }

    /** Another batch begins. */
    void nextBatch() {
        reads.values().forEach(read -> read.x().close());
        reads.clear();
    }

    @Override
    public void close() {
        layers.values().forEach(layer -> layer.tap(null));
        nextBatch();
        guard.close();
    }
}
