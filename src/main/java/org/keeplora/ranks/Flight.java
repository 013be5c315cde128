package org.keeplora.ranks;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch;

/** Tensors of one type that travel as one; what c10d needs for that stays alive until they land, whatever scope they left in. */
final class Flight {
    private final List<Tensor> tensors;
    private final Tensor all;
    private final Work work;

    /** A collective of c10d on one tensor. */
    interface Collective {
        Work begin(Tensor all);
    }

    Flight(List<Tensor> tensors, Collective collective) {
        this.tensors = tensors;
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            all = isOne() ? tensors.get(0) : concatenated();
            work = collective.begin(all);
            work.retainReference();
        }
        C10dRanks.open(this);
    }

    private boolean isOne() {
        return tensors.size() == 1;
    }

    private Tensor concatenated() {
        Tensor[] flat = tensors.stream().map(tensor -> tensor.reshape(-1)).toArray(Tensor[]::new);
        Tensor joined = torch.cat(new TensorVector(flat), 0);
        joined.retainReference();
        return joined;
    }

    /** Waits; every tensor then has its result, or gets it in its turn on a GPU. */
    void land() {
        work._wait();
        C10dRanks.landed(this);
        work.close();
        if (isOne()) {
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
