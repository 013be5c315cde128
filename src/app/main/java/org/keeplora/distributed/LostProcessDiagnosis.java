package org.keeplora.distributed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.StringVector;
import org.bytedeco.pytorch.TCPStore;

/**
 * Who is missing when a sum fails. Gloo itself knows only that a connection ended or that nothing came; the store has
 * the {@link Heartbeat} of every process, and what the first process that looked has found.
 */
final class LostProcessDiagnosis {
    /**
     * Without a new beat for so long, a process is taken for dead; a third of a diagnosis, which looks at everyone
     * before and after it.
     */
    private static final Duration SILENCE = LostProcess.DIAGNOSIS.dividedBy(3);

    private static final String FOUND = "lost";
    private static final String HEARD = "heard";

    private final Rendezvous place;
    private final TCPStore store;

    /** @param store locked while it is asked, as a heartbeat uses it too */
    LostProcessDiagnosis(Rendezvous place, TCPStore store) {
        this.place = place;
        this.store = store;
    }

    /** Whether the store has {@code key}; the caller holds its lock. */
    boolean isSet(String key) {
        try (StringVector keys = new StringVector(key)) {
            return store.check(keys);
        }
    }

    /** Who is missing, in one line; the same on all processes that can still reach the store. Takes seconds. */
    String lost() {
        return inTime(this::find);
    }

    /**
     * Tells the others that this process ends.
     *
     * @param mine who ends, and why
     * @param disconnect makes them ask
     */
    void leave(String mine, Runnable disconnect) {
        inTime(() -> {
            synchronized (store) {
                store.compareSet(FOUND, "", mine);
            }
            disconnect.run();
            return settle(mine, place.size());
        });
    }

    private String inTime(Callable<String> question) {
        ExecutorService asking = Executors.newSingleThreadExecutor(task -> {
            Thread asker = new Thread(task, "lost-process-diagnosis");
            asker.setDaemon(true);
            return asker;
        });
        try {
            return asking.submit(question).get(LostProcess.DIAGNOSIS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unreachable(place);
        } catch (ExecutionException | TimeoutException e) {
            return unreachable(place);
        } finally {
            asking.shutdownNow();
        }
    }

    /** That process 0 is gone, whose the store is. */
    static String unreachable(Rendezvous place) {
        return "process 0 (" + place.meeting().address() + ", port "
                + place.meeting().port() + ") has ended or cannot be reached from host " + HeartbeatMessage.hostName();
    }

    private String find() throws InterruptedException {
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
    String heard() {
        synchronized (store) {
            return isSet(FOUND) ? store.get_to_str(FOUND) : "";
        }
    }

    /**
     * The first process that has found something decides; process 0, whose store it is, waits a little until
     * {@code listeners} have heard it.
     */
    String settle(String mine, long listeners) throws InterruptedException {
        String agreed;
        synchronized (store) {
            agreed = store.compareSet(FOUND, "", mine);
            store.add(HEARD, 1);
        }
        long end = System.nanoTime() + SILENCE.toNanos();
        while (place.index() == 0 && count() < listeners && System.nanoTime() < end) {
            Thread.sleep(Heartbeat.POLL.toMillis());
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
                beats.put(index, HeartbeatMessage.of(store.get_to_str(Heartbeat.KEY + index)));
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
}
