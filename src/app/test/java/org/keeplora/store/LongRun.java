package org.keeplora.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A run that saves its state at each step, writes results at every second one, and resumes from its folder. */
final class LongRun {
    static final int STEPS = 6;

    /**
     * Number of files in the finished folder: two results at each second step, the report, the configuration and the
     * start record.
     */
    static final int FILES = STEPS + 3;

    private static final String CONFIG = "seed: 42\n";
    private static final String STEP = "step";

    private final Path target;
    private boolean created;
    private boolean finishing;
    private int begun;
    private int saved;

    LongRun(Path target) {
        this.target = target;
    }

    /** Whether the run's folder was durably created before the run ended. */
    boolean created() {
        return created;
    }

    /** Starts or resumes the run and completes it. */
    void run() throws IOException {
        try (RunJournal run =
                Files.exists(target) ? RunJournal.open(target) : RunJournal.create(target, CONFIG, "{}")) {
            created = true;
            for (int step = step(run) + 1; step <= STEPS; step++) {
                if (step % 2 == 1) {
                    Files.writeString(run.file(metrics(step)), metricsOf(step));
                    Safetensors.write(run.file(adapters(step)), arrays(step), Map.of());
                }
                begun = step;
                run.save(arrays(step), facts(step));
                saved = step;
            }
            Files.writeString(run.folder("report").resolve("report.md"), "# done\n");
            finishing = true;
            run.finish();
        }
    }

    /** The step of the newest state, 0 for none. */
    static int step(RunJournal run) {
        return run.latest()
                .map(state -> Integer.parseInt(state.facts().get(STEP)))
                .orElse(0);
    }

    static Map<String, String> facts(int step) {
        return Map.of(STEP, Integer.toString(step), "note", "as \"said\" at " + step);
    }

    static List<NamedArray> arrays(int step) {
        return List.of(
                NamedArray.of("weight", new long[] {2, 3}, new float[] {step, 1, 2, 3, 4, -step}),
                NamedArray.of("order", new long[] {3}, new long[] {step, Long.MIN_VALUE, 7}));
    }

    private static String metrics(int step) {
        return String.format(Locale.ROOT, "tasks/%02d/metrics.json", step);
    }

    private static String metricsOf(int step) {
        return String.format(Locale.ROOT, "{\"accuracy\": %d.5, \"of\": [1, 2, 3]}\n", step);
    }

    private static String adapters(int step) {
        return String.format(Locale.ROOT, "tasks/%02d/adapters.safetensors", step);
    }

    /** Checks what this run, which ended at a fault, left in {@code folder} of the plain disk. */
    void checkLeft(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            assertTrue(!created, "a created run is gone");
            return;
        }
        String verdict = RunCheck.verify(folder);
        if (Files.exists(folder.resolve("SHA256SUMS"))) {
            assertTrue(finishing, "finished too early");
            checkResults(folder, STEPS);
            return;
        }
        assertTrue(verdict.contains("unfinished"), verdict);
        try (RunJournal run = RunJournal.open(folder)) {
            int step = step(run);
            assertTrue(step == saved || step == begun, "saved " + saved + ", begun " + begun + ", found " + step);
            assertEquals(CONFIG, run.config());
            assertEquals("{}", run.start());
            checkState(run.latest(), step);
            checkResults(folder, step);
        }
    }

    /** Checks that {@code state} equals the state of {@code step} to the bit. */
    static void checkState(Optional<RunJournal.State> state, int step) {
        assertEquals(step > 0, state.isPresent());
        state.ifPresent(found -> {
            assertEquals(facts(step), found.facts());
            assertArrays(step, found.arrays());
        });
    }

    private static void assertArrays(int step, Safetensors found) {
        assertEquals(Set.of("weight", "order"), found.names());
        for (NamedArray array : arrays(step)) {
            assertEquals(array.toString(), found.get(array.name()).toString());
            assertEquals(array.data(), found.get(array.name()).data());
        }
    }

    /** Checks that the results of all steps up to {@code last} are complete. */
    static void checkResults(Path folder, int last) throws IOException {
        for (int step = 1; step <= last; step += 2) {
            assertEquals(metricsOf(step), Files.readString(folder.resolve(metrics(step))));
            assertArrays(step, Safetensors.open(folder.resolve(adapters(step))));
        }
    }
}
