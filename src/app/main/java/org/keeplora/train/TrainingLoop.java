package org.keeplora.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.InputArchive;
import org.bytedeco.pytorch.OutputArchive;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.keeplora.distributed.GradientSum;
import org.keeplora.distributed.LocalBatch;
import org.keeplora.distributed.Pending;
import org.keeplora.distributed.ProcessGroup;

/** AdamW under a one-cycle schedule, a step a batch; every process computes its share of the batch and makes the same step. */
public record TrainingLoop(TrainSettings settings, ProcessGroup group, RunProgress progress) {
    /**
     * One step for each of {@code batches}, or for those that are left; returns the losses of all.
     *
     * @param name of what is trained, for errors
     * @throws TrainingDiverged when a loss is no finite number
     */
    public double[] minimize(
            String name, List<Tensor> parameters, BatchLoss loss, List<int[]> batches, TrainingWatch watch) {
        OneCycle schedule = new OneCycle(settings.learningRate(), batches.size());
        double[] losses = new double[batches.size()];
        try (PointerScope run = new PointerScope();
                GradientSum gradients = group.gradients(parameters)) {
            AdamW optimizer = new AdamW(new TensorVector(parameters.toArray(Tensor[]::new)), options());
            LossScale scale = new LossScale(settings.precision());
            int first = watch.begin()
                    .map(point -> restore(point, optimizer, scale, losses))
                    .orElse(0);
            progress.advance(batches.subList(0, first).stream()
                    .mapToLong(batch -> batch.length)
                    .sum());
            AdamWOptions live = new AdamWOptions(optimizer.param_groups().get(0).options());
            int firstMoment = firstMomentIndex(live.betas());
            for (int step = first; step < losses.length; step++) {
                live.set_lr(schedule.learningRate(step));
                live.betas().put(firstMoment, schedule.momentum(step));
                StepOutcome outcome;
                try (PointerScope scope = new PointerScope()) {
                    parameters.forEach(parameter -> parameter.mutable_grad().reset());
                    Pending<StepOutcome> sum = backward(gradients, loss, batches.get(step), scale, watch.wish());
                    if (scale.unscale(parameters)) {
                        optimizer.step();
                    }
                    outcome = sum.await();
                }
                losses[step] = outcome.loss();
                requireFinite(name, step, losses[step]);
                progress.advance(batches.get(step).length);
                int done = step + 1;
                watch.stepped(
                        outcome.wish(),
                        () -> new TrainingPoint(Arrays.copyOf(losses, done), stateOf(optimizer), scale.state()));
            }
        }
        return losses;
    }

    /**
     * Leaves the gradient of the batch's mean loss, times the scale, in the parameters.
     *
     * @param mine what this process wishes
     * @return the loss and what all processes wish
     */
    private Pending<StepOutcome> backward(
            GradientSum gradients, BatchLoss loss, int[] batch, LossScale scale, Checkpoints.Wish mine) {
        StepOutcome.Terms terms = new StepOutcome.Terms(group, mine);
        gradients.backward(loss.common(), (part, common) -> {
            LocalBatch share = LocalBatch.of(batch, group, part);
            Tensor mean = loss.mean(share.items(), common);
            terms.add(mean, share.weight());
            return scale.scaled(share.weighted(mean));
        });
        return terms.sum();
    }

    /** How many steps were done. */
    private static int restore(TrainingPoint point, AdamW optimizer, LossScale scale, double[] losses) {
        scale.restore(point.lossScale());
        System.arraycopy(point.losses(), 0, losses, 0, point.losses().length);
        return throughFile(file -> {
            Files.write(file, point.optimizer());
            try (PointerScope scope = new PointerScope()) {
                InputArchive archive = new InputArchive();
                archive.load_from(file.toString());
                optimizer.load(archive);
            }
            return point.losses().length;
        });
    }

    private static byte[] stateOf(AdamW optimizer) {
        return throughFile(file -> {
            try (PointerScope scope = new PointerScope()) {
                OutputArchive archive = new OutputArchive();
                optimizer.save(archive);
                archive.save_to(file.toString());
            }
            return Files.readAllBytes(file);
        });
    }

    /** Libtorch's archives are read and written by name only. */
    private static <T> T throughFile(FileUse<T> use) {
        try {
            Path file = Files.createTempFile("keeplora-optimizer", ".pt");
            try {
                return use.apply(file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("state of the optimiser: " + e, e);
        }
    }

    private interface FileUse<T> {
        T apply(Path file) throws IOException;
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
            throw new TrainingDiverged(
                    "task " + name + ", step " + step + ": the loss is " + loss + "; try a lower learning rate");
        }
    }
}
