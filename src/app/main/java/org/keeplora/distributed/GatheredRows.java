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
 * Rows of which every process computes some, and the way of their gradients back. Both travel while the processes
 * compute something else: a backward pass comes first to what was computed last, so gradients of rows that were
 * computed first have its whole length for their sum.
 */
final class GatheredRows implements AutoCloseable {
    private final C10dProcessGroup group;
    private final Leaving leaving = new Leaving();
    private final Returning returning = new Returning();
    /** Of the last gathering, where this process's rows are among all; empty where it has none of its own. */
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

    /** A borrowed row stays in the graph, so that every parameter has a gradient, and adds nothing. */
    private Tensor withHistory(Tensor rows, Tensor own, Optional<Tensor> here) {
        places = here;
        Tensor all = here.map(its -> rows.index_copy(0, its, own))
                .orElseGet(() -> rows.add(own.mul(new Scalar(0.0)).sum()));
        all.register_hook(leaving);
        own.register_hook(returning);
        return all;
    }

    /** Called where a backward pass has the gradient of all rows of this process's loss. */
    private final class Leaving extends TensorTensorHook {
        @Override
        public TensorBase call(TensorBase ofOneLoss) {
            gradient = new Tensor(ofOneLoss).contiguous().clone();
            pending = group.beginSum(List.of(gradient));
            return ofOneLoss;
        }
    }

    /**
     * Called where it comes to this process's rows: their gradient of all processes' losses instead of that of this
     * one's.
     */
    private final class Returning extends TensorTensorHook {
        @Override
        public TensorBase call(TensorBase ofOneLoss) {
            pending.forEach(PendingCollective::await);
            pending = List.of();
            return places.map(its -> gradient.index_select(0, its)).orElseGet(() -> new Tensor(ofOneLoss));
        }
    }

    @Override
    public void close() {
        leaving.close();
        returning.close();
    }
}
