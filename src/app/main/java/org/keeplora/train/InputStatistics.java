package org.keeplora.train;

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
    private final BatchLinalg linalg;
    private final FeatureStatistic statistic;
    private final Map<SiteInput, Integer> widths;
    private final Pass pass;
    private final Map<SiteInput, SecondMoment> moments = new LinkedHashMap<>();
    private final Map<SiteInput, SlotMean> slotMeans = new LinkedHashMap<>();

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
        pass.run(batch, this);
    }

    /** @param rows [n x in] */
    void add(SiteInput input, Tensor rows) {
        try (Matrix samples = TorchMatrix.view(rows, linalg)) {
            if (statistic == FeatureStatistic.SECOND_MOMENT) {
                SecondMoment moment = moments.computeIfAbsent(input, i -> new SecondMoment(linalg, samples.cols()));
                SecondMoment.add(linalg, List.of(new SecondMoment.Update(moment, samples)));
            } else {
                slotMeans.computeIfAbsent(input, i -> new SlotMean()).add(linalg, samples);
            }
        }
    }

    /** The slot mean of {@code input}, for {@link FeatureStatistic#SLOT_MEAN}. */
    SlotMean slotMean(SiteInput input) {
        return slotMeans.get(input);
    }

    @Override
    public List<Tensor> take() {
        List<Tensor> term = widths.keySet().stream().map(this::taken).toList();
        close();
        return term;
    }

    private Tensor taken(SiteInput input) {
        if (moments.containsKey(input)) {
            return TorchMatrix.copyOf(moments.get(input).value());
        }
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
