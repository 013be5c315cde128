package org.keeplora.bench.distributed;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the seconds of a stage go.
 *
 * @param shared work that N processes divide by N
 * @param redundant work that every process does alike
 * @param waiting for the last process: shares that do not divide, and noise
 * @param delay messages on their way that nothing hides, however small they are
 * @param transfer bytes on their way that nothing hides
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

    /** Everything that more processes do not make shorter, by name. */
    private Map<String, Double> limits() {
        Map<String, Double> limits = new LinkedHashMap<>();
        limits.put("work that every process repeats", redundant);
        limits.put("waiting for the last process", waiting);
        limits.put("latency", delay);
        limits.put("bandwidth", transfer);
        return limits;
    }

    /** The greatest of what more processes do not make shorter. */
    String saturates() {
        return limits().entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .filter(limit -> limit.getValue() > 0)
                .map(Map.Entry::getKey)
                .orElse("nothing");
    }
}
