package org.keeplora.distributed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.StringVector;
import org.bytedeco.pytorch.TCPStore;

/**
 * Finds out which process is missing when a sum fails. Gloo knows only that a connection ended or that no data came.
 * The store has the {@link Heartbeat} of every process and the result of the first process that looked.
 */
final class LostProcessDiagnosis {
    /**
     * A process without a new beat for this long counts as dead. A third of a diagnosis, which reads all beats before
     * and after it.
     */
    private static final Duration SILENCE = LostProcess.DIAGNOSIS.dividedBy(3);

    private static final String FOUND = "lost";
    private static final String HEARD = "heard";

    private final Rendezvous place;
    private final TCPStore store;

    /** @param store locked during requests, as a heartbeat uses it too */
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

    /**
     * Describes in one line which process is missing. The line is the same on all processes that can still reach the
     * store. Takes seconds.
     */
    String lost() {
        return inTime(this::find);
    }

    /**
     * Tells the other processes that this one ends.
     *
     * @param mine which process ends, and why
     * @param disconnect closes the connections, so that the others look for the reason
     */
    void leave(String mine, Runnable disconnect) {
        inTime(() -> {
            synchronized (store) {
                store.compareSet(FOUND, "", mine);
            }
            disconnect.run();
            return agree(mine, place.size());
        });
    }

    private String inTime(Callable<String> question) {
        try {
            return TimeLimit.within(LostProcess.DIAGNOSIS, "lost-process-diagnosis", question);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unreachable(place);
        } catch (ExecutionException | TimeoutException e) {
            return unreachable(place);
        }
    }

    /** The message that process 0, which runs the store, is gone. */
    static String unreachable(Rendezvous place) {
        return "process 0 (" + place.meeting().address() + ", port "
                + place.meeting().port() + ") has ended or cannot be reached from host " + HeartbeatMessage.hostName();
    }

    private String find() throws InterruptedException {
        String known = knownResult();
        if (!known.isEmpty()) {
            return agree(known, place.size());
        }
        Map<Integer, HeartbeatMessage> before = beats();
        Thread.sleep(SILENCE.toMillis());
        Map<Integer, HeartbeatMessage> now = beats();
        long living = now.values().stream()
                .filter(beat -> !before.containsValue(beat))
                .count();
        return agree(missing(before, now), living);
    }

    /** The result of another process; empty if there is none. */
    String knownResult() {
        synchronized (store) {
            return isSet(FOUND) ? store.get_to_str(FOUND) : "";
        }
    }

    /**
     * The result of the first process counts for all. Process 0, which runs the store, waits a little until
     * {@code listeners} have read it.
     */
    String agree(String mine, long listeners) throws InterruptedException {
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
        return silent.isEmpty() ? hanging(now) : String.join("; ", silent);
    }

    /** All processes are alive: those that have not begun the awaited collective hang. */
    private static String hanging(Map<Integer, HeartbeatMessage> now) {
        long furthest = now.values().stream()
                .mapToLong(beat -> beat.stage().count())
                .max()
                .orElse(0);
        String late = now.entrySet().stream()
                .filter(entry -> entry.getValue().stage().count() < furthest)
                .map(entry -> entry.getValue().of(entry.getKey()) + " lives but hangs after "
                        + entry.getValue().stage().what())
                .collect(Collectors.joining("; "));
        return late.isEmpty() ? "all processes are alive, but their connections are broken" : late;
    }
}
