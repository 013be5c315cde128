package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Starts {@link EngineSoak} in a JVM with a small heap that is touched completely at the start, and with cheap
 * compilation, so that only native memory can grow. {@code -Dkeeplora.soak.operations=1000000} selects the long run,
 * which is judged by its slope. Use {@code -Dkeeplora.soak.threads=1} on a busy machine, where two BLAS threads wait
 * for each other.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
@Tag("slow")
final class EngineSoakTest {
    private static final int SHORT = 6_000;
    private static final int OPERATIONS = Integer.getInteger("keeplora.soak.operations", SHORT);
    private static final int THREADS = Integer.getInteger("keeplora.soak.threads", 2);
    /**
     * The JVM's own code and tables still grow in so short a run: by 0.1 to 0.45 MB from quarter to quarter in five
     * runs.
     */
    private static final double LARGEST_GROWTH_MB = 1.2;

    private static final double LARGEST_SLOPE_MB_PER_HOUR = 1;
    /** Leaks 3 MB from quarter to quarter of a short run. */
    private static final int LOST_BYTES = 2_000;

    private record Outcome(long left, List<EngineSoak.Sample> secondHalf) {
        /** Growth from the third quarter's median to the last quarter's. */
        double growth() {
            int middle = secondHalf.size() / 2;
            return median(secondHalf.subList(middle, secondHalf.size())) - median(secondHalf.subList(0, middle));
        }

        private static double median(List<EngineSoak.Sample> samples) {
            return samples.stream()
                    .mapToDouble(EngineSoak.Sample::megabytes)
                    .sorted()
                    .skip(samples.size() / 2)
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public String toString() {
            EngineSoak.Sample first = secondHalf.get(0);
            EngineSoak.Sample last = secondHalf.get(secondHalf.size() - 1);
            TheilSen fit = TheilSen.of(secondHalf);
            return String.format(
                    Locale.ROOT,
                    "%d operations with %d threads in %.1f s, %d matrices left open; resident from half time %.2f to %.2f MB, quarter to quarter %.2f MB;"
                            + " slope %.2f MB/h (95 %%: %.2f to %.2f)",
                    OPERATIONS,
                    THREADS,
                    last.hours() * 3600,
                    left,
                    first.megabytes(),
                    last.megabytes(),
                    growth(),
                    fit.slope(),
                    fit.low(),
                    fit.high());
        }
    }

    @Test
    void nothingStaysOpenAndResidentMemoryStaysFlat() throws Exception {
        Outcome outcome = soak(OPERATIONS, 0);
        System.out.println("soak: " + outcome);
        assertEquals(0, outcome.left());
        assertTrue(outcome.growth() < LARGEST_GROWTH_MB, outcome.toString());
        if (OPERATIONS > SHORT) {
            assertTrue(TheilSen.of(outcome.secondHalf()).slope() < LARGEST_SLOPE_MB_PER_HOUR, outcome.toString());
        }
    }

    @Test
    void seesMemoryThatIsLost() throws Exception {
        Outcome outcome = soak(SHORT, LOST_BYTES);
        assertTrue(outcome.growth() > LARGEST_GROWTH_MB, outcome.toString());
    }

    private static Outcome soak(int operations, int lostBytes) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms64m",
                        "-Xmx64m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EngineSoak.class.getName(),
                        Integer.toString(operations),
                        Integer.toString(lostBytes),
                        Integer.toString(THREADS))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("OPENBLAS_NUM_THREADS", Integer.toString(THREADS));
        Process process = builder.start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
        List<EngineSoak.Sample> samples = lines.stream()
                .skip(1)
                .map(line -> line.split(" "))
                .map(fields -> new EngineSoak.Sample(Double.parseDouble(fields[0]), Double.parseDouble(fields[1])))
                .toList();
        return new Outcome(Long.parseLong(lines.get(0)), samples.subList(samples.size() / 2, samples.size()));
    }
}
