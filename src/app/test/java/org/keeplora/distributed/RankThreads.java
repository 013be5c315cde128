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

/** Ranks of one group as threads of this process: what they compute is what processes would. */
public final class RankThreads {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private RankThreads() {}

    /** What one rank does. */
    public interface Work<T> {
        T of(Ranks ranks) throws Exception;
    }

    /** The results of {@code size} ranks, in their order; their group is closed afterwards. */
    public static <T> List<T> run(int size, Work<T> work) throws Exception {
        return run(size, TIMEOUT, work);
    }

    static <T> List<T> run(int size, Duration timeout, Work<T> work) throws Exception {
        int port = freePort();
        ExecutorService threads = Executors.newFixedThreadPool(size);
        try {
            List<Future<T>> results = new ArrayList<>();
            for (int rank = 0; rank < size; rank++) {
                Rendezvous place = place(rank, size, port, timeout);
                results.add(threads.submit(() -> {
                    try (C10dRanks ranks = C10dRanks.join(place)) {
                        return work.of(ranks);
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

    static Rendezvous place(int rank, int size, int port, Duration timeout) {
        return new Rendezvous(rank, size, size, new Rendezvous.Meeting("127.0.0.1", port, Optional.of("lo"), timeout));
    }

    /** A port of this machine that nobody listened at a moment ago. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
