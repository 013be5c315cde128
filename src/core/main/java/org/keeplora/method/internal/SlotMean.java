package org.keeplora.method.internal;

import java.util.List;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.GramUpdate;
import org.keeplora.engine.internal.ResourceScope;

/**
 * The element-wise mean of a layer's input over batches, as wide as one batch. A slot is one (token, image) place in
 * the batch. The authors' MTIL program keeps this of a task's features; the paper asks for {@link SecondMoment}. One
 * thread at a time.
 */
public final class SlotMean implements AutoCloseable {
    private Matrix sum;
    private int batches;

    /** An empty mean. */
    public SlotMean() {}

    /**
     * Adds a batch [slots x in] float32. A batch with fewer slots than the first is dropped, as in the authors'
     * program.
     */
    public void add(BatchLinalg linalg, Matrix slots) {
        if (sum == null) {
            sum = ResourceScope.handOver(made -> {
                Matrix first = made.keep(linalg.zeros(slots.rows(), slots.cols(), ElementType.F32));
                linalg.add(List.of(new Addition(first, 1, slots)));
                return first;
            });
        } else if (slots.rows() < sum.rows()) {
            return;
        } else {
            linalg.add(List.of(new Addition(sum, 1, slots)));
        }
        batches++;
    }

    /**
     * The mean [slots x in] float32; the caller closes it.
     *
     * @throws IllegalStateException before the first batch
     */
    public Matrix mean(BatchLinalg linalg) {
        if (sum == null) {
            throw new IllegalStateException("SlotMean.mean: no batch was added; add at least one");
        }
        return ResourceScope.handOver(made -> {
            Matrix mean = made.keep(linalg.zeros(sum.rows(), sum.cols(), ElementType.F32));
            linalg.add(List.of(new Addition(mean, 1.0 / batches, sum)));
            return mean;
        });
    }

    /** Σ over slots of meanᵀ·mean [in x in] float64; the caller closes it. */
    public Matrix secondMoment(BatchLinalg linalg) {
        try (Matrix mean = mean(linalg)) {
            return ResourceScope.handOver(made -> {
                Matrix moment = made.keep(linalg.zeros(mean.cols(), mean.cols(), ElementType.F64));
                linalg.accumulateGram(List.of(new GramUpdate(moment, mean)));
                linalg.mirror(List.of(moment));
                return moment;
            });
        }
    }

    @Override
    public void close() {
        if (sum != null) {
            sum.close();
        }
    }
}
