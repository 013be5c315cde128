package org.keeplora.train;

import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** AdamW under a one-cycle schedule, a step a batch. */
record OneCycleAdamW(TrainSettings settings, RunProgress progress) {
    /**
     * One step for each of {@code batches}; returns their losses.
     *
     * @param name of what is trained, for errors
     * @param loss of a batch, a scalar with gradient history in the caller's scope
     * @throws IllegalStateException when a loss is no finite number
     */
    double[] minimize(String name, List<Tensor> parameters, Function<int[], Tensor> loss, List<int[]> batches) {
        OneCycle schedule = new OneCycle(settings.learningRate(), batches.size());
        double[] losses = new double[batches.size()];
        try (PointerScope run = new PointerScope()) {
            AdamW optimizer = new AdamW(new TensorVector(parameters.toArray(Tensor[]::new)), options());
            LossScale scale = new LossScale(settings.precision());
            AdamWOptions live = new AdamWOptions(optimizer.param_groups().get(0).options());
            int firstMoment = firstMomentIndex(live.betas());
            for (int step = 0; step < losses.length; step++) {
                live.set_lr(schedule.learningRate(step));
                live.betas().put(firstMoment, schedule.momentum(step));
                try (PointerScope scope = new PointerScope()) {
                    optimizer.zero_grad();
                    Tensor now = loss.apply(batches.get(step));
                    scale.scaled(now).backward();
                    if (scale.unscale(parameters)) {
                        optimizer.step();
                    }
                    losses[step] = now.item_double();
                }
                requireFinite(name, step, losses[step]);
                progress.advance(batches.get(step).length);
            }
        }
        return losses;
    }

    private AdamWOptions options() {
        AdamWOptions options = new AdamWOptions(settings.learningRate());
        options.weight_decay().put(settings.weightDecay());
        return options;
    }

    /** The pair (β₁, β₂) = (0.9, 0.999) is a C++ tuple, whose order in memory differs between standard libraries. */
    private static int firstMomentIndex(DoublePointer betas) {
        return betas.get(0) < betas.get(1) ? 0 : 1;
    }

    private static void requireFinite(String name, int step, double loss) {
        if (!Double.isFinite(loss)) {
            throw new IllegalStateException(
                    "task " + name + ", step " + step + ": the loss is " + loss + "; try a lower learning rate");
        }
    }
}
