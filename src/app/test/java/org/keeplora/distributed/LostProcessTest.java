package org.keeplora.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.keeplora.store.UserError;
import org.keeplora.torch.Tensors;

/** Processes that do not start, hang, or leave. The command line's tests kill real processes. */
@Tag("slow")
final class LostProcessTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    /** Additional time that a busy machine needs. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    private static String host() throws IOException {
        return InetAddress.getLocalHost().getHostName();
    }

    private static String here() throws IOException {
        return "(host " + host() + ", pid " + ProcessHandle.current().pid() + ")";
    }

    private static Rendezvous place(int index, String address, int port, String networkInterface) {
        Rendezvous.Meeting meeting = new Rendezvous.Meeting(address, port, Optional.of(networkInterface), TIMEOUT);
        return new Rendezvous(index, 2, 2, meeting);
    }

    private static String lost(Rendezvous place) {
        return assertThrows(LostProcess.class, () -> C10dProcessGroup.join(place))
                .getMessage();
    }

    private static void sum(ProcessGroup group, String what) {
        try (Tensor one = Tensors.ofDoubles(1)) {
            group.sum(what, List.of(one));
        }
    }

    private static void requireWithin(Duration limit, long started) {
        Duration taken = Duration.ofNanos(System.nanoTime() - started);
        assertTrue(taken.compareTo(limit.plus(SLACK)) <= 0, () -> "took " + taken);
    }

    @Test
    void firstProcessNamesThoseThatDoNotStart() throws IOException {
        int port = ProcessThreads.freePort();
        long started = System.nanoTime();
        assertEquals(
                "process 1 of 2 did not come to 127.0.0.1, port " + port
                        + ", within 2 s; start every process with the same MASTER_ADDR and MASTER_PORT",
                lost(place(0, "127.0.0.1", port, "lo")));
        requireWithin(TIMEOUT, started);
    }

    @Test
    void otherProcessesSayWhyTheyCannotReachTheFirst() throws IOException {
        int port = ProcessThreads.freePort();
        String advice = "; start process 0, and every process with the same MASTER_ADDR and MASTER_PORT";
        String who = "process 1 of 2 (host " + host() + ") could not reach process 0 at ";
        long started = System.nanoTime();
        assertEquals(
                who + "127.0.0.1, port " + port + ", within 2 s: Connection refused" + advice,
                lost(place(1, "127.0.0.1", port, "lo")));
        requireWithin(TIMEOUT, started);
        assertEquals(
                who + "nowhere.invalid, port " + port + ", within 2 s: host " + host()
                        + " knows no machine of that name" + advice,
                lost(place(1, "nowhere.invalid", port, "lo")));
    }

    /** It ends between the first connection of the other and the second. */
    @Test
    void firstRankThatEndsWhileAnotherComesIsNamed() throws Exception {
        Rendezvous first = place(0, "127.0.0.1", ProcessThreads.freePort(), "lo");
        Rendezvous second = place(1, "127.0.0.1", first.meeting().port(), "lo");
        try (TCPStore broadcast = C10dBackends.store(first);
                TCPStore ofSecond = C10dBackends.store(second)) {
            broadcast.close();
            assertEquals(
                    "process 0 (127.0.0.1, port " + first.meeting().port()
                            + ") has ended or cannot be reached from host " + host(),
                    assertThrows(LostProcess.class, () -> Heartbeat.begin(second))
                            .getMessage());
        }
    }

    @Test
    void missingInterfaceIsNamedAtOnce() throws IOException {
        Rendezvous place = place(0, "127.0.0.1", ProcessThreads.freePort(), "nonet9");
        String message = assertThrows(UserError.class, () -> C10dProcessGroup.join(place))
                .getMessage();
        String start = "GLOO_SOCKET_IFNAME is nonet9, which host " + host() + " does not have; it has ";
        assertTrue(message.startsWith(start), message);
        assertTrue(List.of(message.substring(start.length()).split(", ")).contains("lo"), message);
    }

    @Test
    void takenPortIsNamedAtOnce() throws IOException {
        try (ServerSocket other = new ServerSocket(0)) {
            Rendezvous place = place(0, "127.0.0.1", other.getLocalPort(), "lo");
            String message = assertThrows(UserError.class, () -> C10dProcessGroup.join(place))
                    .getMessage();
            assertTrue(
                    message.startsWith("MASTER_PORT is " + other.getLocalPort() + ", where process 0 cannot listen: "),
                    message);
            assertTrue(message.contains("Address already in use"), message);
        }
    }

    private static void requireHangingProcessIsNamed(int size, UnaryOperator<ProcessGroup> way) throws Exception {
        CountDownLatch others = new CountDownLatch(size - 1);
        long started = System.nanoTime();
        List<String> messages = ProcessThreads.run(size, TIMEOUT, all -> {
            ProcessGroup group = way.apply(all);
            sum(group, "the first sum");
            if (group.index() == size - 1) {
                others.await();
                return "";
            }
            try {
                return assertThrows(LostProcess.class, () -> sum(group, "the second sum"))
                        .getMessage();
            } finally {
                others.countDown();
            }
        });
        requireWithin(TIMEOUT.plus(LostProcess.DIAGNOSIS), started);
        for (int index = 0; index < size - 1; index++) {
            String message = messages.get(index);
            String start = "process " + (size - 1) + " " + here() + " lives but hangs after the first sum; process "
                    + index + " waited for it in the second sum (";
            assertTrue(message.startsWith(start), message);
            assertEquals(1, message.lines().count(), message);
        }
    }

    @Test
    void hangingProcessIsNamedByAllOthers() throws Exception {
        requireHangingProcessIsNamed(3, UnaryOperator.identity());
    }

    /** Four processes add in a fixed order by an all-to-all and an all-gather. */
    @Test
    void hangingProcessInMicroBatchesIsNamed() throws Exception {
        requireHangingProcessIsNamed(4, group -> group.inMicroBatches(4));
    }

    /** Chance decides which of two sums in progress times out first and so ends the other. */
    @Test
    void hangingProcessIsNamedForEverySum() throws Exception {
        CountDownLatch other = new CountDownLatch(1);
        List<String> messages = ProcessThreads.run(2, TIMEOUT, group -> {
            sum(group, "the first sum");
            if (group.index() == 1) {
                other.await();
                return "";
            }
            try {
                group.begin("the second sum", List.of(Tensors.ofDoubles(1)));
                Pending<List<Tensor>> third = group.begin("the third sum", List.of(Tensors.ofDoubles(1)));
                return assertThrows(LostProcess.class, third::await).getMessage();
            } finally {
                other.countDown();
            }
        });
        String start = "process 1 " + here()
                + " lives but hangs after the first sum; process 0 waited for it in the third sum (";
        assertTrue(messages.get(0).startsWith(start), messages.get(0));
    }

    @Test
    void failingProcessReportsItsReasonToTheOthers() throws Exception {
        long started = System.nanoTime();
        List<String> messages = ProcessThreads.run(3, SLACK.multipliedBy(6), group -> {
            if (group.index() == 1) {
                group.leave("its disk is full\nat a.b.C");
                return "";
            }
            return assertThrows(LostProcess.class, () -> sum(group, "a sum")).getMessage();
        });
        requireWithin(LostProcess.DIAGNOSIS, started);
        for (int index : new int[] {0, 2}) {
            String start =
                    "process 1 " + here() + " ended: its disk is full; process " + index + " waited for it in a sum (";
            assertTrue(messages.get(index).startsWith(start), messages.get(index));
        }
    }

    @Test
    void ownFailureIsNotReportedAsALostProcess() throws Exception {
        List<String> messages = ProcessThreads.run(2, group -> {
            C10dProcessGroup both = (C10dProcessGroup) group;
            RuntimeException own = assertThrows(
                    RuntimeException.class,
                    () -> both.communicate("the gradients of a step", 0, () -> {
                        throw new IllegalStateException("out of memory");
                    }));
            sum(group, "another sum");
            return own.getMessage();
        });
        assertEquals(List.of("out of memory", "out of memory"), messages);
    }
}
