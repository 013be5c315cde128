package org.keeplora.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.torch.Libtorch;
import org.keeplora.torch.Tensors;

/** What can be tested of NCCL without a GPU: the setting, the time limit, and that its errors are taken for its own. */
@Tag("slow")
final class NcclTest {
    private static final Duration LIMIT = Duration.ofMillis(200);

    @Test
    void libtorchSeesTheSettingWhateverItWas() {
        Libtorch.load();
        torch.set_env(Nccl.BLOCKING_WAIT, "0", true);
        Nccl.waitOnTheCallersThread();
        assertEquals("1", torch.get_env(Nccl.BLOCKING_WAIT).get().getString());
    }

    @Test
    void aConnectionThatNeverComesIsLeft() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicReference<Thread> caller = new AtomicReference<>();
        String message = assertThrows(
                        IllegalStateException.class,
                        () -> Nccl.connect(Duration.ofSeconds(1), () -> {
                            caller.set(Thread.currentThread());
                            awaitUninterruptibly(never);
                        }))
                .getMessage();
        assertEquals("NCCL has not connected all processes within 1 s", message);
        assertTrue(caller.get().isAlive() && caller.get().isDaemon(), "it does not keep the process alive");
        never.countDown();
    }

    /** As a call into a library, which no interrupt ends. */
    private static void awaitUninterruptibly(CountDownLatch latch) {
        for (boolean waiting = true; waiting; ) {
            try {
                latch.await();
                waiting = false;
            } catch (InterruptedException e) {
                waiting = true;
            }
        }
    }

    @Test
    void aConnectionIsMadeOrItsOwnErrorIsThrown() {
        AtomicReference<String> made = new AtomicReference<>();
        Nccl.connect(Duration.ofMinutes(1), () -> made.set("made"));
        assertEquals("made", made.get());
        RuntimeException own = new RuntimeException("NCCL error: unhandled system error");
        assertSame(
                own,
                assertThrows(
                        RuntimeException.class,
                        () -> Nccl.connect(Duration.ofMinutes(1), () -> {
                            throw own;
                        })));
    }

    /** Messages of libtorch 2.10, shortened; the process that is missing lives and hangs. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[PG ID 0 PG GUID 0 Rank 0] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=3,"
                        + " OpType=ALLREDUCE) ran for 2000 milliseconds before timing out.",
                "NCCL error: remote process exited or there was a network error, NCCL version 2.29.2",
                "[0] is setting up NCCL communicator and retrieving ncclUniqueId from [0] via c10d key-value store by"
                        + " key '0', but store->get('0') got error: wait timeout",
            })
    void anErrorOfNcclNamesTheMissingProcess(String message) throws Exception {
        requireNamed(() -> {
            throw new IllegalStateException(message);
        });
    }

    @Test
    void aConnectionThatNeverComesNamesTheMissingProcess() throws Exception {
        requireNamed(() -> Nccl.connect(LIMIT, () -> awaitUninterruptibly(new CountDownLatch(1))));
    }

    private static void requireNamed(Runnable failing) throws Exception {
        CountDownLatch named = new CountDownLatch(1);
        List<String> messages = ProcessThreads.run(2, group -> {
            try (Tensor one = Tensors.ofDoubles(1)) {
                group.sum("the first sum", List.of(one));
            }
            if (group.index() == 1) {
                named.await();
                return "";
            }
            try {
                return assertThrows(LostProcess.class, () -> ((C10dProcessGroup) group)
                                .communicate("connecting the GPUs", 0, () -> {
                                    failing.run();
                                    return null;
                                }))
                        .getMessage();
            } finally {
                named.countDown();
            }
        });
        String start = "process 1 " + here()
                + " lives but hangs after the first sum; process 0 waited for it in connecting the GPUs (";
        assertTrue(messages.get(0).startsWith(start), messages.get(0));
    }

    private static String here() throws IOException {
        return "(host " + InetAddress.getLocalHost().getHostName() + ", pid "
                + ProcessHandle.current().pid() + ")";
    }
}
