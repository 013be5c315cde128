package org.keeplora.distributed;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs the processes of one group as threads of this process; they compute the same as real processes. */
public final class ProcessThreads {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private ProcessThreads() {}

    /** The work of one process. */
    public interface Work<T> {
        T of(ProcessGroup group) throws Exception;
    }

    /** The results of {@code size} processes, in order; their group is closed afterwards. */
    public static <T> List<T> run(int size, Work<T> work) throws Exception {
        return run(size, TIMEOUT, work);
    }

    static <T> List<T> run(int size, Duration timeout, Work<T> work) throws Exception {
        int port = freePort();
        ExecutorService threads = Executors.newFixedThreadPool(size);
        try {
            List<Future<T>> results = new ArrayList<>();
            for (int index = 0; index < size; index++) {
                Rendezvous place = place(index, size, port, timeout);
                results.add(threads.submit(() -> {
                    try (C10dProcessGroup group = C10dProcessGroup.join(place)) {
                        return work.of(group);
                    }
                }));
            }
            List<T> values = new ArrayList<>();
            for (Future<T> result : results) {
                values.add(result.get());
            }
            return values;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            threads.shutdownNow();
        }
    }

    static Rendezvous place(int index, int size, int port, Duration timeout) {
        return new Rendezvous(index, size, size, new Rendezvous.Meeting("127.0.0.1", port, Optional.of("lo"), timeout));
    }

    /** A port of this machine that was free a moment ago. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
