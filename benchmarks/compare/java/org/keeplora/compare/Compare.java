package org.keeplora.compare;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Measures one side of the comparison in this JVM: {@code SIDE THREADS SECONDS FOLDER OPERATION...}. Prints a line for
 * each operation, separated by tabs: side, threads, shape, operation, median, first and third quartile and processor
 * time in µs a call, bytes allocated by the calling thread a call, calls, the two numbers of the result.
 */
public final class Compare {
    /** A shot takes at least this long, so that reading the clock does not count. */
    private static final long SHOT_NANOS = 1_000_000;

    private static final int FEWEST = 3;
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

    private static String measure(Operation operation, long budget) {
        operation.before();
        operation.run();
        double[] result = operation.result();
        int calls = warmUp(operation, budget / 2);
        List<Double> micros = new ArrayList<>();
        long processor = 0;
        long bytes = 0;
        long first = PROCESS.getProcessCpuTime();
        long end = System.nanoTime() + budget;
        while (micros.size() < FEWEST || System.nanoTime() < end) {
            operation.before();
            long bytesBefore = THREAD.getCurrentThreadAllocatedBytes();
            long processorBefore = PROCESS.getProcessCpuTime();
            long begin = System.nanoTime();
            for (int call = 0; call < calls; call++) {
                operation.run();
            }
            micros.add((System.nanoTime() - begin) / 1e3 / calls);
            processor += PROCESS.getProcessCpuTime() - processorBefore;
            bytes += THREAD.getCurrentThreadAllocatedBytes() - bytesBefore;
        }
        if (!operation.fresh()) { // the clock has steps of 10 ms
            processor = PROCESS.getProcessCpuTime() - first;
        }
        Collections.sort(micros);
        double all = (double) calls * micros.size();
        return String.format(
                Locale.ROOT,
                "%.3f\t%.3f\t%.3f\t%.3f\t%.0f\t%.0f\t%.9g\t%.9g",
                micros.get(micros.size() / 2),
                micros.get(micros.size() / 4),
                micros.get(3 * micros.size() / 4),
                processor / 1e3 / all,
                bytes / all,
                all,
                result[0],
                result[1]);
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
