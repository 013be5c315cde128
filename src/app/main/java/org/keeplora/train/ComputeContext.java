package org.keeplora.train;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.distributed.Accumulator;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.engine.Linalg;
import org.keeplora.train.RunMonitor.Progress;

/**
 * The means of computation of a run, besides libtorch, and its monitor. The owner closes linear algebra and group.
 *
 * @param linalg of this process
 * @param processGroup this process and the others that compute the same run
 */
public record ComputeContext(Linalg linalg, ProcessGroup processGroup, RunMonitor monitor) {
    /** A context of one process without a monitor. */
    public static ComputeContext alone(Linalg linalg) {
        return new ComputeContext(linalg, ProcessGroup.SINGLE, RunMonitor.of(Progress.SILENT));
    }

    /**
     * Σ over the items of all batches and over all processes, as {@link ProcessGroup#sum(String, Iterable,
     * Accumulator)}. Every batch is reported as progress.
     */
    List<Tensor> sum(String pass, List<int[]> batches, Accumulator terms) {
        Progress progress = monitor.progress();
        progress.begin(pass, Progress.items(batches));
        try {
            return processGroup.sum(pass, progress.over(batches, processGroup.parts()), terms);
        } finally {
            progress.end();
        }
    }
}
