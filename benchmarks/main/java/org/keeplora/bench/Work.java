package org.keeplora.bench;

import java.util.List;
import java.util.function.Function;

/**
 * The minimum work of one shot.
 *
 * @param flop floating-point operations, as the suite's documentation counts them; the same for every backend
 * @param bytes operands read once and results written once
 */
public record Work(double flop, double bytes) {
    /** One per process: JMH runs one benchmark with one set of parameters in a process. */
    private static volatile Work declared;

    /** The sum over all {@code parts}. */
    static <T> Work sum(List<T> parts, Function<T, Work> work) {
        return parts.stream().map(work).reduce(new Work(0, 0), Work::plus);
    }

    private Work plus(Work other) {
        return new Work(flop + other.flop, bytes + other.bytes);
    }

    /** From this call on, {@link Rates} divides this by the time of a shot. */
    public void declare() {
        declared = this;
    }

    /** The work declared in this process; null when none was. */
    static Work declared() {
        return declared;
    }
}
