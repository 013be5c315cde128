package org.keeplora.ranks;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.TCPStore;

/**
 * Tells the other ranks through the store, every second, that this one lives and where it is, so that who is missing can be named when a
 * sum fails. Gloo itself knows only that a connection ended or that nothing came.
 */
final class Pulse implements AutoCloseable {
    private static final Duration BEAT = Duration.ofSeconds(1);
    /** Without a new beat for so long, a rank is taken for dead. */
    private static final Duration SILENCE = BEAT.multipliedBy(4);
    /** For the whole diagnosis: two looks at everyone with the silence between them. */
    private static final Duration PATIENCE = SILENCE.multipliedBy(3);

    private static final String KEY = "pulse/";
    private static final String VERDICT = "lost";
    private static final String HEARD = "heard";
    private static final String SEPARATOR = "\t";

    private final Rendezvous place;
    private final TCPStore store;
    private final Thread thread;
    private volatile Stage stage = new Stage(0, "the start");
    private volatile boolean closed;

    /** Where a rank is: how many collectives it has begun, and the last of them. */
    private record Stage(long count, String what) {}

    /** What a rank said of itself. */
    private record Beat(String host, String process, long number, Stage stage) {
        static Beat of(String text) {
            String[] parts = text.split(SEPARATOR, 5);
            Stage stage = new Stage(Long.parseLong(parts[3]), parts[4]);
            return new Beat(parts[0], parts[1], Long.parseLong(parts[2]), stage);
        }

        String text() {
            return String.join(
                    SEPARATOR, host, process, Long.toString(number), Long.toString(stage.count()), stage.what());
        }
    }

    /** @param store a connection that nobody else uses; closed with this */
    Pulse(Rendezvous place, TCPStore store) {
        this.place = place;
        this.store = store;
        beat(0);
        this.thread = new Thread(this::run, "rank-pulse");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            for (long number = 1; !closed; number++) {
                Thread.sleep(BEAT.toMillis());
                beat(number);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // the store is gone, and with it rank 0: the next sum fails and says so
        }
    }

    private void beat(long number) {
        Beat beat = new Beat(host(), Long.toString(ProcessHandle.current().pid()), number, stage);
        synchronized (store) {
            store.set(KEY + place.rank(), beat.text());
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "of unknown name";
        }
    }

    /** The next collective is {@code what}. */
    void begins(String what) {
        stage = new Stage(stage.count() + 1, what);
    }

    /** Who is missing, in one line; the same on all ranks that can still reach the store. Takes seconds. */
    String diagnosis() {
        ExecutorService asking = Executors.newSingleThreadExecutor(task -> {
            Thread asker = new Thread(task, "rank-diagnosis");
            asker.setDaemon(true);
            return asker;
        });
        try {
            return asking.submit(this::verdict).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unreachable();
        } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
            return unreachable();
        } finally {
            asking.shutdownNow();
        }
    }

    private String unreachable() {
        return "rank 0 (%s, port %d) cannot be reached from host %s"
                .formatted(place.meeting().address(), place.meeting().port(), host());
    }

    /** The first rank that has one decides; rank 0, whose store it is, waits until others have heard it. */
    private String verdict() throws InterruptedException {
        Map<Integer, Beat> before = beats();
        Thread.sleep(SILENCE.toMillis());
        Map<Integer, Beat> now = beats();
        String mine = missing(before, now);
        String agreed;
        synchronized (store) {
            agreed = store.compareSet(VERDICT, "", mine);
            store.add(HEARD, 1);
        }
        if (place.rank() == 0) {
            lingerFor(now.values().stream()
                    .filter(beat -> !before.containsValue(beat))
                    .count());
        }
        return agreed;
    }

    private void lingerFor(long living) throws InterruptedException {
        long end = System.nanoTime() + SILENCE.toNanos();
        while (System.nanoTime() < end) {
            synchronized (store) {
                if (store.add(HEARD, 0) >= living) {
                    return;
                }
            }
            Thread.sleep(BEAT.toMillis() / 10);
        }
    }

    private Map<Integer, Beat> beats() {
        Map<Integer, Beat> beats = new LinkedHashMap<>();
        synchronized (store) {
            for (int rank = 0; rank < place.size(); rank++) {
                beats.put(rank, Beat.of(store.get_to_str(KEY + rank)));
            }
        }
        return beats;
    }

    private static String missing(Map<Integer, Beat> before, Map<Integer, Beat> now) {
        List<String> silent = new ArrayList<>();
        now.forEach((rank, beat) -> {
            if (beat.equals(before.get(rank))) {
                silent.add("rank %d (host %s, process %s) has died or cannot be reached; it was at %s"
                        .formatted(
                                rank, beat.host(), beat.process(), beat.stage().what()));
            }
        });
        return silent.isEmpty() ? behind(now) : String.join("; ", silent);
    }

    /** All live: those hang that have not begun what others wait in. */
    private static String behind(Map<Integer, Beat> now) {
        long furthest = now.values().stream()
                .mapToLong(beat -> beat.stage().count())
                .max()
                .orElse(0);
        List<String> late = new ArrayList<>();
        now.forEach((rank, beat) -> {
            if (beat.stage().count() < furthest) {
                late.add("rank %d (host %s, process %s) lives but hangs after %s"
                        .formatted(
                                rank, beat.host(), beat.process(), beat.stage().what()));
            }
        });
        return late.isEmpty() ? "all ranks live, but their connections were cut" : String.join("; ", late);
    }

    /** A limit for what is asked of the store. */
    static Milliseconds milliseconds(Duration duration) {
        return new Milliseconds(duration.toMillis());
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(BEAT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (store) {
            store.close();
        }
    }
}
