package org.keeplora.train;

import java.util.List;
import java.util.function.IntConsumer;
import org.bytedeco.javacpp.PointerScope;
import org.keeplora.data.Batches;
import org.keeplora.distributed.ProcessGroup;

/**
 * One pass over a training set in stored order, as far as this process computes it: all batches in its first part, then all in the next.
 *
 * @param batches of all processes
 */
record TrainingPass(List<int[]> batches, ProcessGroup group, RunProgress progress) {
    TrainingPass(int images, int batchSize, ProcessGroup group, RunProgress progress) {
        this(Batches.inOrder(images, batchSize), group, progress);
    }

    /** What is done with a batch. */
    interface Use {
        /** In a scope of its own; {@code part} as in {@link ProcessGroup#share(int[], int)}. */
        void of(int[] batch, int part);
    }

    /** @param partDone called with each part after its last batch */
    void run(String name, Use use, IntConsumer partDone) {
        int parts = group.parts();
        progress.begin(name, batches.stream().mapToLong(batch -> batch.length).sum());
        try {
            for (int part = 0; part < parts; part++) {
                for (int[] batch : batches) {
                    try (PointerScope scope = new PointerScope()) {
                        use.of(batch, part);
                    }
                    progress.advance(batch.length * (part + 1) / parts - batch.length * part / parts);
                }
                partDone.accept(part);
            }
        } finally {
            progress.end();
        }
    }
}
