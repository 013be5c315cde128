package org.keeplora.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.InputArchive;
import org.bytedeco.pytorch.OutputArchive;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.keeplora.store.ArraySource;
import org.keeplora.store.NamedArray;

/**
 * The state of a training between two steps, besides the parameters: AdamW's moments and the loss scale. Belongs to the
 * scope in which it was made.
 */
public final class OptimizerState {
    private final List<Tensor> parameters;
    private final AdamW optimizer;
    private final AdamWOptions options;
    private final OneCycle schedule;
    private final LossScale scale;

    /**
     * The state in a form that can be stored.
     *
     * @param losses of the steps that are done
     * @param optimizer libtorch's archive of the optimiser's state
     * @param lossScale as {@link LossScale#state}
     */
    public record Saved(double[] losses, byte[] optimizer, double[] lossScale) {
        private static final String LOSSES = "training/losses";
        /**
         * Libtorch's archive holds file names and addresses, so its bytes may differ between processes. A difference in
         * its contents shows in the parameters after the next step.
         */
        private static final String OPTIMIZER = Checkpoints.LOCAL + "training/optimizer";

        private static final String LOSS_SCALE = "training/lossScale";

        /** As arrays. */
        List<NamedArray> toArrays() {
            return List.of(
                    NamedArray.of(LOSSES, new long[] {losses.length}, losses),
                    NamedArray.of(OPTIMIZER, optimizer),
                    NamedArray.of(LOSS_SCALE, new long[] {lossScale.length}, lossScale));
        }

        /** The state that {@link #toArrays} wrote; empty if there is none. */
        static Optional<Saved> in(ArraySource stored) {
            if (!stored.names().contains(LOSSES)) {
                return Optional.empty();
            }
            return Optional.of(new Saved(
                    stored.get(LOSSES).toDoubles(),
                    Checkpoints.array(stored, OPTIMIZER).toBytes(),
                    stored.get(LOSS_SCALE).toDoubles()));
        }
    }

    OptimizerState(TrainSettings settings, List<Tensor> parameters, int steps) {
        this.parameters = parameters;
        AdamWOptions first = new AdamWOptions(settings.learningRate());
        first.weight_decay().put(settings.weightDecay());
        optimizer = new AdamW(new TensorVector(parameters.toArray(Tensor[]::new)), first);
        options = new AdamWOptions(optimizer.param_groups().get(0).options());
        schedule = new OneCycle(settings.learningRate(), steps);
        scale = new LossScale(settings.precision());
    }

    /**
     * Prepares step {@code step}, counted from 0: clears the gradients and applies the schedule. Returns the learning
     * rate.
     */
    double begin(int step) {
        parameters.forEach(parameter -> parameter.mutable_grad().reset());
        double rate = schedule.learningRate(step);
        options.set_lr(rate);
        DoublePointer betas = options.betas();
        betas.put(firstMomentIndex(betas), schedule.momentum(step));
        return rate;
    }

    /** The pair (β₁, β₂) = (0.9, 0.999) is a C++ tuple, whose order in memory differs between standard libraries. */
    private static int firstMomentIndex(DoublePointer betas) {
        return betas.get(0) < betas.get(1) ? 0 : 1;
    }

    /** The loss to call backward on, in the caller's scope. */
    Tensor scaled(Tensor loss) {
        return scale.scaled(loss);
    }

    /** Updates the parameters by their gradients, unless a gradient overflowed. */
    void step() {
        if (scale.unscale(parameters)) {
            optimizer.step();
        }
    }

    /** @param losses of the steps that are done */
    Saved save(double[] losses) {
        byte[] archive = throughFile(file -> {
            try (PointerScope scope = new PointerScope()) {
                OutputArchive output = new OutputArchive();
                optimizer.save(output);
                output.save_to(file.toString());
            }
            return Files.readAllBytes(file);
        });
        return new Saved(losses, archive, scale.state());
    }

    /** Restores a saved state and writes its losses into {@code losses}; returns the number of steps done. */
    int restore(Saved saved, double[] losses) {
        scale.restore(saved.lossScale());
        System.arraycopy(saved.losses(), 0, losses, 0, saved.losses().length);
        return throughFile(file -> {
            Files.write(file, saved.optimizer());
            try (PointerScope scope = new PointerScope()) {
                InputArchive archive = new InputArchive();
                archive.load_from(file.toString());
                optimizer.load(archive);
            }
            return saved.losses().length;
        });
    }

    private interface FileUse<T> {
        T apply(Path file) throws IOException;
    }

    /** Runs {@code use} with a temporary file, as libtorch reads and writes archives only by file name. */
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

    /**
     * One-cycle learning rate and first AdamW momentum, with PyTorch's defaults. The rate rises along a cosine over the
     * first 30 % of the steps from peak/25 to the peak, then falls along a cosine to peak/250,000. The momentum mirrors
     * it between 0.95 and 0.85.
     *
     * @param peak learning rate at the top of the cycle
     * @param steps optimiser steps of the whole training, at least 1
     */
    private record OneCycle(double peak, int steps) {
        private static final double RISING_SHARE = 0.3;
        private static final double START = 1.0 / 25;
        private static final double END = START / 1e4;
        private static final double MOMENTUM_AT_PEAK = 0.85;
        private static final double MOMENTUM_AT_ENDS = 0.95;

        OneCycle {
            if (steps < 1) {
                throw new IllegalArgumentException("one-cycle schedule over " + steps + " steps: at least 1 is needed");
            }
        }

        /** Learning rate of step {@code step}, counted from 0. */
        double learningRate(int step) {
            return peak * along(step, START, 1, END);
        }

        /** AdamW's β₁ of step {@code step}, counted from 0. */
        double momentum(int step) {
            return along(step, MOMENTUM_AT_ENDS, MOMENTUM_AT_PEAK, MOMENTUM_AT_ENDS);
        }

        private double along(int step, double first, double top, double last) {
            double topStep = RISING_SHARE * steps - 1;
            double lastStep = steps - 1;
            if (step <= topStep) {
                return cosine(first, top, topStep == 0 ? 1 : step / topStep);
            }
            return cosine(top, last, lastStep == topStep ? 1 : (step - topStep) / (lastStep - topStep));
        }

        private static double cosine(double from, double to, double share) {
            return to + (from - to) / 2 * (1 + Math.cos(Math.PI * share));
        }
    }
}
