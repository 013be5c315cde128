package org.keeplora.distributed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.StringVector;
import org.bytedeco.pytorch.TCPStore;

/**
 * Tells the other processes through the store, every second, that this one lives and where it is, so that who is missing can be named when a
 * sum fails. Gloo itself knows only that a connection ended or that nothing came.
 */
final class Heartbeat implements AutoCloseable {
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration POLL = BEAT.dividedBy(10);
    /** Without a new beat for so long, a process is taken for dead; a third of a diagnosis, which looks at everyone before and after it. */
    private static final Duration SILENCE = LostProcess.DIAGNOSIS.dividedBy(3);

    private static final String KEY = "heartbeat/";
    private static final String VERDICT = "lost";
    private static final String HEARD = "heard";

    private final Rendezvous place;
    private final TCPStore store;
    private final Thread thread;
    private volatile HeartbeatMessage.Stage stage = new HeartbeatMessage.Stage(0, "the start");
    private volatile boolean closed;

    /** @param store a connection that nobody else uses; closed with this */
    Heartbeat(Rendezvous place, TCPStore store) {
        this.place = place;
        this.store = store;
        beat(0);
        this.thread = new Thread(this::run, "heartbeat");
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
            // the store is gone, and with it process 0: the next sum fails and says so
        }
    }

    private void beat(long number) {
        synchronized (store) {
            store.set(KEY + place.index(), HeartbeatMessage.here(number, stage).text());
        }
    }

    /**
     * Waits until every process has a heartbeat.
     *
     * @throws LostProcess naming those that have none within the time-out
     */
    void meet() {
        long end = System.nanoTime() + place.meeting().timeout().toNanos();
        String lost = "";
        try {
            for (List<String> absent = absent(); !absent.isEmpty() && lost.isEmpty(); absent = absent()) {
                Thread.sleep(POLL.toMillis());
                lost = heard();
                if (lost.isEmpty() && System.nanoTime() > end) {
                    lost = settle(notCome(absent), place.size() - absent.size());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lost = "interrupted";
        } catch (RuntimeException e) {
            lost = unreachable();
        }
        if (!lost.isEmpty()) {
            throw new LostProcess(lost, null);
        }
    }

    private List<String> absent() {
        synchronized (store) {
            return IntStream.range(0, place.size())
                    .filter(index -> !isSet(KEY + index))
                    .mapToObj(String::valueOf)
                    .toList();
        }
    }

    private boolean isSet(String key) {
        try (StringVector keys = new StringVector(key)) {
            return store.check(keys);
        }
    }

    private String notCome(List<String> absent) {
        return String.format(
                Locale.ROOT,
                "process %s of %d did not come to %s, port %d, within %d s; start every process with the same MASTER_ADDR and MASTER_PORT",
                String.join(", ", absent),
                place.size(),
                place.meeting().address(),
                place.meeting().port(),
                place.meeting().timeout().toSeconds());
    }

    /** The next collective is {@code what}. */
    void begins(String what) {
        stage = stage.next(what);
    }

    /** Who is missing, in one line; the same on all processes that can still reach the store. Takes seconds. */
    String diagnosis() {
        return inTime(this::verdict);
    }

    /**
     * Tells the others that this process ends, and why.
     *
     * @param disconnect makes them ask
     */
    void leave(String reason, Runnable disconnect) {
        inTime(() -> {
            String mine = HeartbeatMessage.here(0, stage).of(place.index()) + " ended: " + reason;
            synchronized (store) {
                store.compareSet(VERDICT, "", mine);
            }
            disconnect.run();
            return settle(mine, place.size());
        });
    }

    private String inTime(Callable<String> question) {
        ExecutorService asking = Executors.newSingleThreadExecutor(task -> {
            Thread asker = new Thread(task, "process-diagnosis");
            asker.setDaemon(true);
            return asker;
        });
        try {
            return asking.submit(question).get(LostProcess.DIAGNOSIS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unreachable();
        } catch (ExecutionException | TimeoutException e) {
            return unreachable();
        } finally {
            asking.shutdownNow();
        }
    }

    private String unreachable() {
        return "process 0 (" + place.meeting().address() + ", port "
                + place.meeting().port() + ") has ended or cannot be reached from host " + HeartbeatMessage.hostName();
    }

    private String verdict() throws InterruptedException {
        String known = heard();
        if (!known.isEmpty()) {
            return settle(known, place.size());
        }
        Map<Integer, HeartbeatMessage> before = beats();
        Thread.sleep(SILENCE.toMillis());
        Map<Integer, HeartbeatMessage> now = beats();
        long living = now.values().stream()
                .filter(beat -> !before.containsValue(beat))
                .count();
        return settle(missing(before, now), living);
    }

    /** What another process has found out; empty where none has. */
    private String heard() {
        synchronized (store) {
            return isSet(VERDICT) ? store.get_to_str(VERDICT) : "";
        }
    }

    /** The first process that has a verdict decides; process 0, whose store it is, waits a little until {@code listeners} have heard it. */
    private String settle(String mine, long listeners) throws InterruptedException {
        String agreed;
        synchronized (store) {
            agreed = store.compareSet(VERDICT, "", mine);
            store.add(HEARD, 1);
        }
        long end = System.nanoTime() + SILENCE.toNanos();
        while (place.index() == 0 && count() < listeners && System.nanoTime() < end) {
            Thread.sleep(POLL.toMillis());
        }
        return agreed;
    }

    private long count() {
        synchronized (store) {
            return store.add(HEARD, 0);
        }
    }

    private Map<Integer, HeartbeatMessage> beats() {
        Map<Integer, HeartbeatMessage> beats = new LinkedHashMap<>();
        synchronized (store) {
            for (int index = 0; index < place.size(); index++) {
                beats.put(index, HeartbeatMessage.of(store.get_to_str(KEY + index)));
            }
        }
        return beats;
    }

    private static String missing(Map<Integer, HeartbeatMessage> before, Map<Integer, HeartbeatMessage> now) {
        List<String> silent = new ArrayList<>();
        now.forEach((index, beat) -> {
            if (beat.equals(before.get(index))) {
                silent.add(beat.of(index) + " has died or cannot be reached; it was last at "
                        + beat.stage().what());
            }
        });
        return silent.isEmpty() ? behind(now) : String.join("; ", silent);
    }

    /** All live: those hang that have not begun what others wait in. */
    private static String behind(Map<Integer, HeartbeatMessage> now) {
        long furthest = now.values().stream()
                .mapToLong(beat -> beat.stage().count())
                .max()
                .orElse(0);
        String late = now.entrySet().stream()
                .filter(entry -> entry.getValue().stage().count() < furthest)
                .map(entry -> entry.getValue().of(entry.getKey()) + " lives but hangs after "
                        + entry.getValue().stage().what())
                .collect(Collectors.joining("; "));
        return late.isEmpty() ? "all processes live, but not their connections to each other" : late;
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
