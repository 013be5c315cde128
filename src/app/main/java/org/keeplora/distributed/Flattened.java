package org.keeplora.distributed;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Tensors of one type joined into one, so that they are sent together.
 *
 * @param all their values, one after the other; the tensor itself if there is only one and no padding is needed
 */
record Flattened(List<Tensor> tensors, Tensor all) {
    /** Stays valid beyond the surrounding scope, until {@link #copyBack}. */
    static Flattened of(List<Tensor> tensors) {
        return filled(tensors, 1);
    }

    /** As {@link #of}, padded with zeros to a multiple of {@code factor} values. */
    static Flattened filled(List<Tensor> tensors, int factor) {
        long missing = Math.floorMod(-tensors.stream().mapToLong(Tensor::numel).sum(), (long) factor);
        if (tensors.size() == 1 && missing == 0) {
            return new Flattened(tensors, tensors.get(0));
        }
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Stream<Tensor> values = tensors.stream().map(tensor -> tensor.reshape(-1));
            Tensor filling = torch.zeros(new long[] {missing}, tensors.get(0).options());
            Tensor joined = torch.cat(
                    new TensorVector(Stream.concat(values, Stream.of(filling)).toArray(Tensor[]::new)), 0);
            joined.retainReference();
            return new Flattened(tensors, joined);
        }
    }

    /** Copies the current values of {@link #all} back into the tensors. */
    void copyBack() {
        if (all == tensors.get(0)) {
            return;
        }
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard();
                Tensor results = all) {
            long from = 0;
            for (Tensor tensor : tensors) {
                tensor.copy_(results.narrow(0, from, tensor.numel()).view_as(tensor));
                from += tensor.numel();
            }
        }
    }
}
