package org.keeplora.train;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.SiteInput;
import org.keeplora.distributed.Accumulator;
import org.keeplora.distributed.LocalBatch;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.method.Switches.FeatureStatistic;
import org.keeplora.method.internal.SecondMoment;
import org.keeplora.method.internal.SlotMean;
import org.keeplora.torch.TorchMatrix;

/**
 * The statistics of the site inputs of one tower, as C [in x in] float64 of each. Terms are tensors, because libtorch
 * may be unable to reach the memory of the matrices.
 */
final class InputStatistics implements Accumulator, AutoCloseable {
    /** Above this number of elements, samples do not wait for others to be added together. */
    private static final long PENDING = 1 << 26;

    private final BatchLinalg linalg;
    private final FeatureStatistic statistic;
    private final Map<SiteInput, Integer> widths;
    private final Pass pass;
    private final Map<SiteInput, SecondMoment> moments = new LinkedHashMap<>();
    private final Map<SiteInput, SlotMean> slotMeans = new LinkedHashMap<>();
    /** Samples of the current batch that are not yet added. */
    private final List<SecondMoment.Update> pending = new ArrayList<>();

    /** Passes inputs through the tower. */
    interface Pass {
        /**
         * A forward pass over {@code batch} that {@link #add(SiteInput, Tensor) adds} the activations of each input to
         * {@code seen}.
         */
        void run(LocalBatch batch, InputStatistics seen);
    }

    /** @param widths of the inputs, in the order of {@link #take} */
    InputStatistics(Linalg linalg, FeatureStatistic statistic, Map<SiteInput, Integer> widths, Pass pass) {
        this.linalg = BatchLinalg.of(linalg);
        this.statistic = statistic;
        this.widths = widths;
        this.pass = pass;
    }

    /** In the order of {@link #take}. */
    List<SiteInput> inputs() {
        return List.copyOf(widths.keySet());
    }

    @Override
    public void add(LocalBatch batch) {
        try {
            pass.run(batch, this);
            addPending();
        } finally {
            closePending();
        }
    }

    /**
     * Adds what the input read in the current batch.
     *
     * @param rows [n x in]; unchanged until the pass over the batch has ended
     */
    void add(SiteInput input, Tensor rows) {
        if (statistic == FeatureStatistic.SECOND_MOMENT) {
            SecondMoment moment = moments.computeIfAbsent(input, i -> new SecondMoment(linalg, widths.get(input)));
            pending.add(new SecondMoment.Update(moment, TorchMatrix.view(rows, linalg)));
            if (pending.stream().mapToLong(InputStatistics::elements).sum() > PENDING) {
                addPending();
            }
        } else {
            try (Matrix slots = TorchMatrix.view(rows, linalg)) {
                slotMeans.computeIfAbsent(input, i -> new SlotMean()).add(linalg, slots);
            }
        }
    }

    private static long elements(SecondMoment.Update update) {
        return (long) update.samples().rows() * update.samples().cols();
    }

    private void addPending() {
        SecondMoment.add(linalg, pending);
        closePending();
    }

    private void closePending() {
        pending.forEach(update -> update.samples().close());
        pending.clear();
    }

    /** The slot mean of {@code input}, for {@link FeatureStatistic#SLOT_MEAN}. */
    SlotMean slotMean(SiteInput input) {
        return slotMeans.get(input);
    }

    @Override
    public List<Tensor> take() {
        Iterator<Matrix> values = SecondMoment.values(linalg, moments.values()).iterator();
        Map<SiteInput, Matrix> sums = new LinkedHashMap<>();
        moments.keySet().forEach(input -> sums.put(input, values.next()));
        List<Tensor> term = widths.keySet().stream()
                .map(input -> sums.containsKey(input) ? TorchMatrix.copyOf(sums.get(input)) : ofSlots(input))
                .toList();
        close();
        return term;
    }

    /** Of the slot mean; 0 if nothing was added. */
    private Tensor ofSlots(SiteInput input) {
        int in = widths.get(input);
        try (Matrix moment = slotMeans.containsKey(input)
                ? slotMeans.get(input).secondMoment(linalg)
                : linalg.zeros(in, in, ElementType.F64)) {
            return TorchMatrix.copyOf(moment);
        }
    }

    @Override
    public void close() {
        moments.values().forEach(SecondMoment::close);
        slotMeans.values().forEach(SlotMean::close);
        moments.clear();
        slotMeans.clear();
    }
}
