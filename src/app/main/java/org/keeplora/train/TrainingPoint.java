package org.keeplora.train;

import java.util.List;
import java.util.Optional;
import org.keeplora.store.ArraySource;
import org.keeplora.store.NamedArray;

/**
 * A training between two of its steps: what its optimiser remembers, but for the parameters themselves.
 *
 * @param losses of the steps that are done
 * @param optimizer libtorch's archive of the optimiser's state
 * @param lossScale as {@link LossScale#state}
 */
public record TrainingPoint(double[] losses, byte[] optimizer, double[] lossScale) {
    private static final String LOSSES = "training/losses";
    private static final String OPTIMIZER = "training/optimizer";
    private static final String LOSS_SCALE = "training/lossScale";

    /** Arrays whose names begin with {@code training/}. */
    public List<NamedArray> toArrays() {
        return List.of(
                NamedArray.of(LOSSES, new long[] {losses.length}, losses),
                NamedArray.of(OPTIMIZER, optimizer),
                NamedArray.of(LOSS_SCALE, new long[] {lossScale.length}, lossScale));
    }

    /**
     * Whether an array of {@link #toArrays} is libtorch's archive, which has names of files and addresses in it that differ from process
     * to process; what it holds shows in the parameters after the next step.
     */
    public static boolean isArchive(String array) {
        return array.equals(OPTIMIZER);
    }

    /** The one that {@link #toArrays} wrote down, if any. */
    public static Optional<TrainingPoint> in(ArraySource stored) {
        if (!stored.names().contains(LOSSES)) {
            return Optional.empty();
        }
        return Optional.of(new TrainingPoint(
                stored.get(LOSSES).toDoubles(),
                stored.get(OPTIMIZER).toBytes(),
                stored.get(LOSS_SCALE).toDoubles()));
    }
}
