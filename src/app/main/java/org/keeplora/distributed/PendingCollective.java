package org.keeplora.distributed;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Work;

/** Tensors of one type that travel as one; what c10d needs for that stays alive until they land, whatever scope they left in. */
final class PendingCollective {
    private final Flattened tensors;
    private final Work work;

    /** A collective of c10d on one tensor. */
    interface Collective {
        Work begin(Tensor all);
    }

    PendingCollective(List<Tensor> tensors, Collective collective) {
        this.tensors = Flattened.of(tensors);
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            work = collective.begin(this.tensors.all());
            work.retainReference();
        }
        C10dProcessGroup.open(this);
    }

    /** Waits; every tensor then has its result, or gets it in its turn on a GPU. */
    void land() {
        work._wait();
        C10dProcessGroup.landed(this);
        work.close();
        tensors.giveBack();
    }
}
