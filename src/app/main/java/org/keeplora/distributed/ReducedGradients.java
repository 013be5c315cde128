package org.keeplora.distributed;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolVector;
import org.bytedeco.pytorch.ProcessGroup;
import org.bytedeco.pytorch.Reducer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.SizeTStringMap;
import org.bytedeco.pytorch.SizeTVector;
import org.bytedeco.pytorch.SizeTVectorVector;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * Gradients summed by c10d's Reducer, which PyTorch's DistributedDataParallel uses too. Parameters are collected in
 * buckets; a bucket is sent as soon as the backward pass has finished it.
 */
final class ReducedGradients implements GradientSum {
    /** PyTorch's value: the first bucket is small, so that sending begins early. */
    private static final long FIRST_BUCKET_BYTES = 1L << 20;

    private static final long BUCKET_BYTES = 25L << 20;

    private final C10dProcessGroup group;
    private final long bytes;
    private final Reducer reducer;

    ReducedGradients(C10dProcessGroup group, ProcessGroup c10d, List<Tensor> parameters) {
        this.group = group;
        this.bytes = parameters.stream().mapToLong(Tensor::nbytes).sum();
        try (PointerScope scope = new PointerScope()) {
            boolean[] noneSparse = new boolean[parameters.size()];
            reducer = new Reducer(
                    new TensorVector(parameters.toArray(Tensor[]::new)),
                    buckets(parameters),
                    c10d,
                    new BoolVector(noneSparse),
                    BUCKET_BYTES,
                    false, // every parameter is used in every step
                    true, // gradients are views of the buckets
                    new SizeTStringMap(),
                    FIRST_BUCKET_BYTES,
                    false,
                    false);
            reducer.retainReference();
        }
    }

    /** Indices of parameters, last first, as a backward pass reaches them. */
    private static SizeTVectorVector buckets(List<Tensor> parameters) {
        SizeTVectorVector buckets = new SizeTVectorVector();
        SizeTVector bucket = new SizeTVector();
        long room = FIRST_BUCKET_BYTES;
        for (int i = parameters.size() - 1; i >= 0; i--) {
            bucket.push_back(i);
            room -= parameters.get(i).nbytes();
            if (room <= 0) {
                buckets.push_back(bucket);
                bucket = new SizeTVector();
                room = BUCKET_BYTES;
            }
        }
        if (!bucket.empty()) {
            buckets.push_back(bucket);
        }
        return buckets;
    }

    @Override
    public void backward(Pending<Tensor> common, PartLoss loss) {
        Tensor own = loss.of(0, common);
        group.communicate("the gradients of a step", bytes, () -> {
            Tensor weighted = own.mul(new Scalar((double) group.size())); // the Reducer takes the mean over processes
            reducer.prepare_for_backward(new TensorVector());
            weighted.backward();
            group.finishOnGpus();
            return null;
        });
    }

    @Override
    public void close() {
        if (group.isBroken()) {
            group.keep(reducer);
            return;
        }
        reducer.remove_autograd_hooks();
        reducer.close();
    }
}
