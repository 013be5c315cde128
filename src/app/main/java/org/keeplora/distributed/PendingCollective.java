package org.keeplora.distributed;

import java.util.List;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Work;

/**
 * A collective under way on tensors of one type that are sent as one. Keeps what c10d needs alive until it has
 * finished, whatever scope it began in.
 */
final class PendingCollective {
    private final Set<PendingCollective> open;
    private final Flattened tensors;
    private final Work work;

    /** A collective of c10d on one tensor. */
    interface Collective {
        Work begin(Tensor all);
    }

    /** @param open holds this object until the collective has finished, as c10d uses its memory */
    PendingCollective(Set<PendingCollective> open, List<Tensor> tensors, Collective collective) {
        this.open = open;
        this.tensors = Flattened.of(tensors);
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            work = collective.begin(this.tensors.all());
            work.retainReference();
        }
        open.add(this);
    }

    /** Waits; every tensor then has its result, on a GPU in stream order. */
    void await() {
        work._wait();
        open.remove(this);
        work.close();
        tensors.copyBack();
    }
}
