package org.keeplora.bench.distributed;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The seconds of a stage, by cause.
 *
 * @param shared work that N processes divide by N
 * @param redundant work that every process repeats
 * @param waiting for the last process: items that do not divide evenly, and noise
 * @param delay latency of messages that does not overlap with computation
 * @param transfer transfer of bytes that does not overlap with computation
 */
record Seconds(double shared, double redundant, double waiting, double delay, double transfer) {
    static final Seconds NONE = new Seconds(0, 0, 0, 0, 0);

    double total() {
        return shared + redundant + waiting + delay + transfer;
    }

    Seconds plus(Seconds more) {
        return new Seconds(
                shared + more.shared,
                redundant + more.redundant,
                waiting + more.waiting,
                delay + more.delay,
                transfer + more.transfer);
    }

    Seconds times(double factor) {
        return new Seconds(factor * shared, factor * redundant, factor * waiting, factor * delay, factor * transfer);
    }

    static Seconds sum(Collection<Seconds> all) {
        return all.stream().reduce(NONE, Seconds::plus);
    }

    /** All parts that more processes do not reduce, by name. */
    private Map<String, Double> limits() {
        Map<String, Double> limits = new LinkedHashMap<>();
        limits.put("work that every process repeats", redundant);
        limits.put("waiting for the last process", waiting);
        limits.put("latency", delay);
        limits.put("bandwidth", transfer);
        return limits;
    }

    /** The largest part that more processes do not reduce. */
    String saturates() {
        return limits().entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .filter(limit -> limit.getValue() > 0)
                .map(Map.Entry::getKey)
                .orElse("nothing");
    }
}
