package org.keeplora.distributed;

import java.util.List;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Work;

/**
 * Tensors of one type that travel as one; what c10d needs for that stays alive until they have come, whatever scope
 * they left in.
 */
final class PendingCollective {
    private final Set<PendingCollective> open;
    private final Flattened tensors;
    private final Work work;

    /** A collective of c10d on one tensor. */
    interface Collective {
        Work begin(Tensor all);
    }

    /** @param open holds this one until it has come, as c10d uses its memory */
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

    /** Waits; every tensor then has its result, or gets it in its turn on a GPU. */
    void await() {
        work._wait();
        open.remove(this);
        work.close();
        tensors.copyBack();
    }
}
