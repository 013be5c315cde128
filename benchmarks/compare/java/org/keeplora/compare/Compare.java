package org.keeplora.compare;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Measures one side of the comparison in this JVM: {@code SIDE THREADS SECONDS FOLDER OPERATION...}. Prints a line for
 * each operation, separated by tabs: side, threads, shape, operation, median, first and third quartile and processor
 * time in µs a call, bytes allocated by the calling thread a call, calls, the two numbers of the result.
 */
public final class Compare {
    /** A shot takes at least this long, so that reading the clock does not count. */
    private static final long SHOT_NANOS = 1_000_000;

    private static final int FEWEST = 3;
    /** A first call that takes longer is the measurement. */
    private static final double LONG_MICROS = 60e6;
    /** Times the measured seconds; until then the compiler of the JVM uses a core beside a small operation. */
    private static final int WARM_UP = 5;

    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private Compare() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        int threads = Integer.parseInt(arguments[1]);
        long budget = (long) (1e9 * Double.parseDouble(arguments[2]));
        Inputs inputs = Inputs.of(Path.of(arguments[3]));
        try (Side side = side(name, threads)) {
            System.err.println(name + ": " + side.facts());
            Map<String, Supplier<Operation>> operations = side.operations(inputs);
            for (String operation : List.of(arguments).subList(4, arguments.length)) {
                if (operations.containsKey(operation)) {
                    try (Operation ready = operations.get(operation).get()) {
                        System.out.println(String.join(
                                "\t", name, arguments[1], inputs.in() + "x" + inputs.out(), operation, measure(ready, budget)));
                    }
                }
            }
        }
    }

    private static Side side(String name, int threads) {
        return switch (name) {
            case "keeplora" -> new KeepLoraSide(threads);
            case "ejml" -> new EjmlSide();
            case "netlib" -> new NetlibSide();
            default -> throw new IllegalArgumentException("compare: no side " + name + "; keeplora, ejml or netlib");
        };
    }

    /** Calls in a row; all numbers are those of one call. */
    private record Shot(double micros, double processorMicros, double bytes) {
        static Shot of(Operation operation, int calls) {
            operation.before();
            long bytes = THREAD.getCurrentThreadAllocatedBytes();
            long processor = PROCESS.getProcessCpuTime();
            long begin = System.nanoTime();
            for (int call = 0; call < calls; call++) {
                operation.run();
            }
            return new Shot(
                    (System.nanoTime() - begin) / 1e3 / calls,
                    (PROCESS.getProcessCpuTime() - processor) / 1e3 / calls,
                    (double) (THREAD.getCurrentThreadAllocatedBytes() - bytes) / calls);
        }
    }

    private static String measure(Operation operation, long budget) {
        Shot first = Shot.of(operation, 1);
        double[] result = operation.result();
        List<Shot> shots = new ArrayList<>(List.of(first));
        int calls = 1;
        double processor = first.processorMicros;
        if (first.micros < LONG_MICROS) {
            calls = warmUp(operation, WARM_UP * budget);
            shots.clear();
            long before = PROCESS.getProcessCpuTime();
            long end = System.nanoTime() + budget;
            while (shots.size() < FEWEST || System.nanoTime() < end) {
                shots.add(Shot.of(operation, calls));
            }
            processor = operation.fresh() // else of all shots at once, as the clock has steps of 10 ms
                    ? mean(shots, Shot::processorMicros)
                    : (PROCESS.getProcessCpuTime() - before) / 1e3 / calls / shots.size();
        }
        shots.sort(Comparator.comparingDouble(Shot::micros));
        int n = shots.size();
        return String.format(
                Locale.ROOT,
                "%.3f\t%.3f\t%.3f\t%.3f\t%.0f\t%d\t%.9g\t%.9g",
                shots.get(n / 2).micros,
                shots.get(n / 4).micros,
                shots.get(3 * n / 4).micros,
                processor,
                mean(shots, Shot::bytes),
                (long) calls * n,
                result[0],
                result[1]);
    }

    private static double mean(List<Shot> shots, ToDoubleFunction<Shot> number) {
        return shots.stream().mapToDouble(number).average().orElseThrow();
    }

    /** Runs for about {@code nanos}; returns how many calls a shot has. */
    private static int warmUp(Operation operation, long nanos) {
        long begin = System.nanoTime();
        long last;
        do {
            if (operation.fresh()) {
                operation.before();
            }
            last = System.nanoTime();
            operation.run();
            last = System.nanoTime() - last;
        } while (System.nanoTime() - begin < nanos);
        return operation.fresh() ? 1 : (int) Math.max(1, SHOT_NANOS / Math.max(1, last));
    }
}
