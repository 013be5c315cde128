package org.keeplora.distributed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.TCPStore;

/**
 * Writes to the store every second that this process is alive and what it is doing. {@link LostProcessDiagnosis} reads
 * it.
 */
final class Heartbeat implements AutoCloseable {
    private static final Duration BEAT = Duration.ofSeconds(1);
    static final Duration POLL = BEAT.dividedBy(10);
    static final String KEY = "heartbeat/";

    private final Rendezvous place;
    private final TCPStore store;
    private final LostProcessDiagnosis diagnosis;
    private final List<Object> kept = Collections.synchronizedList(new ArrayList<>());
    private final Thread thread;
    private volatile HeartbeatMessage.Stage stage = new HeartbeatMessage.Stage(0, "the start");
    private volatile boolean closed;

    /**
     * Begins to beat, on a connection of its own to the store, which is there.
     *
     * @throws LostProcess when process 0 has ended meanwhile
     */
    static Heartbeat begin(Rendezvous place) {
        try {
            return new Heartbeat(place, C10dBackends.secondConnection(place));
        } catch (RuntimeException e) {
            throw new LostProcess(LostProcessDiagnosis.unreachable(place), e);
        }
    }

    private Heartbeat(Rendezvous place, TCPStore store) {
        this.place = place;
        this.store = store;
        this.diagnosis = new LostProcessDiagnosis(place, store);
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
            awaitClose(); // process 0 and its store are gone: the next sum fails and reports it
        }
    }

    private void awaitClose() {
        try {
            while (!closed) {
                Thread.sleep(BEAT.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Protects {@code part} from the garbage collector until this is closed. If a process is lost, nothing is closed,
     * and the part lives until the process ends. Threads of c10d use the parts of a group, which must be freed in
     * order.
     */
    <T> T keep(T part) {
        kept.add(part);
        return part;
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
                lost = diagnosis.knownResult();
                if (lost.isEmpty() && System.nanoTime() > end) {
                    lost = diagnosis.agree(notCome(absent), place.size() - absent.size());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lost = "interrupted";
        } catch (RuntimeException e) {
            lost = LostProcessDiagnosis.unreachable(place);
        }
        if (!lost.isEmpty()) {
            throw new LostProcess(lost, null);
        }
    }

    private List<String> absent() {
        synchronized (store) {
            return IntStream.range(0, place.size())
                    .filter(index -> !diagnosis.isSet(KEY + index))
                    .mapToObj(String::valueOf)
                    .toList();
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

    /** Reports that the next collective is {@code what}. */
    void begins(String what) {
        stage = stage.next(what);
    }

    /**
     * Describes in one line which process is missing. The line is the same on all processes that can still reach the
     * store. Takes seconds.
     */
    String lost() {
        return diagnosis.lost();
    }

    /**
     * Tells the other processes that this one ends, and why.
     *
     * @param disconnect closes the connections, so that the others look for the reason
     */
    void leave(String reason, Runnable disconnect) {
        diagnosis.leave(HeartbeatMessage.here(0, stage).of(place.index()) + " ended: " + reason, disconnect);
    }

    /** A time limit for requests to the store. */
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
