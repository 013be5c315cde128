package org.keeplora.distributed;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;

/**
 * c10d's backend for tensors on GPUs, whose waits end with an exception when another process is lost, as Gloo's do.
 *
 * <p>By default a thread of c10d watches every sum, and ends the whole process when one fails or takes too long: no
 * exit code of ours, no name. With {@link #BLOCKING_WAIT} there is no such thread. The waiting thread itself looks
 * again and again whether the sum has finished, failed, or taken longer than the group's time-out; in the last two
 * cases it aborts NCCL, which frees the GPU, and throws. The price is that a wait ends when the GPU has the sum, not
 * when it was enqueued. c10d's Reducer does not wait in this way, which {@link C10dBackends#finishOnGpus} makes good.
 * Read in libtorch's source; it has not met a GPU.
 */
final class Nccl {
    /** Environment variable of libtorch, read when a group is made. */
    static final String BLOCKING_WAIT = "TORCH_NCCL_BLOCKING_WAIT";

    private Nccl() {}

    /** A backend that connects at its first sum, and with that sum waits for other processes without a limit. */
    static ProcessGroupNCCL open(Rendezvous place, TCPStore store) {
        waitOnTheCallersThread();
        ProcessGroupNCCL group = new ProcessGroupNCCL(store, place.index(), place.size());
        group.setTimeout(Heartbeat.milliseconds(place.meeting().timeout()));
        return group;
    }

    /** Sets {@link #BLOCKING_WAIT} for this process, whatever it was. */
    static void waitOnTheCallersThread() {
        torch.set_env(BLOCKING_WAIT, "1", true);
    }

    /**
     * Makes a group's first connection, in which NCCL itself knows no time-out.
     *
     * @throws IllegalStateException naming NCCL, if it is not made within the limit
     */
    static void connect(Duration limit, Runnable connection) {
        try {
            TimeLimit.within(limit, "nccl-connection", () -> {
                connection.run();
                return null;
            });
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "NCCL has not connected all processes within " + limit.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while NCCL connected the processes", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException own
                    ? own
                    : new IllegalStateException("NCCL cannot connect the processes", e.getCause());
        }
    }
}
