package org.keeplora.distributed;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorTensorHook;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Rows that are divided among the processes, and the return of their gradients. Both transfers overlap with
 * computation. A backward pass reaches the rows computed last first; the gradients of rows computed first therefore
 * have the whole pass for their sum.
 */
final class GatheredRows implements AutoCloseable {
    private final C10dProcessGroup group;
    private final BeginSum beginSum = new BeginSum();
    private final UseSum useSum = new UseSum();
    /** Positions of this process's rows among all rows in the last gathering; empty if it has none. */
    private Optional<Tensor> places = Optional.empty();

    private Tensor gradient;
    private List<PendingCollective> pending = List.of();

    GatheredRows(C10dProcessGroup group) {
        this.group = group;
    }

    Pending<Tensor> begin(String what, Tensor own, LocalBatch local, int total) {
        Tensor rows = torch.zeros(new long[] {total, own.size(1)}, own.options());
        Optional<Tensor> here = local.weight() > 0 ? Optional.of(indices(local.items(), rows)) : Optional.empty();
        here.ifPresent(its -> rows.index_copy_(0, its, own.detach()));
        Pending<List<Tensor>> sum = group.begin(what, List.of(rows));
        return () -> {
            sum.await();
            return own.requires_grad() ? withHistory(rows, own, here) : rows;
        };
    }

    private static Tensor indices(int[] values, Tensor beside) {
        Tensor tensor = torch.zeros(new long[] {values.length}, new TensorOptions(ScalarType.Long));
        tensor.data_ptr_long().put(IntStream.of(values).asLongStream().toArray());
        return tensor.to(beside.device(), ScalarType.Long);
    }

    /**
     * {@code rows} with this process's own rows in place. A borrowed row is added with weight 0, so that every
     * parameter has a gradient.
     */
    private Tensor withHistory(Tensor rows, Tensor own, Optional<Tensor> here) {
        places = here;
        Tensor all = here.map(its -> rows.index_copy(0, its, own))
                .orElseGet(() -> rows.add(own.mul(new Scalar(0.0)).sum()));
        all.register_hook(beginSum);
        own.register_hook(useSum);
        return all;
    }

    /** Called when the backward pass has the gradient of this process's loss for all rows. */
    private final class BeginSum extends TensorTensorHook {
        @Override
        public TensorBase call(TensorBase ofOneLoss) {
            gradient = new Tensor(ofOneLoss).contiguous().clone();
            pending = group.beginSum(List.of(gradient));
            return ofOneLoss;
        }
    }

    /**
     * Called when the backward pass reaches this process's rows. Replaces the gradient of this process's loss by the
     * gradient of all processes' losses.
     */
    private final class UseSum extends TensorTensorHook {
        @Override
        public TensorBase call(TensorBase ofOneLoss) {
            pending.forEach(PendingCollective::await);
            pending = List.of();
            return places.map(its -> gradient.index_select(0, its)).orElseGet(() -> new Tensor(ofOneLoss));
        }
    }

    @Override
    public void close() {
        beginSum.close();
        useSum.close();
    }
}
