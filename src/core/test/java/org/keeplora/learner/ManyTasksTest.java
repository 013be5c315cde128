package org.keeplora.learner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.testing.ChildJvm;

/** Thirty tasks on four maps that are not square, with eight threads. */
@Tag("slow")
final class ManyTasksTest {
    private static final int TASKS = 30;
    private static final int THREADS = 8;
    private static final int BATCHES = 6;
    private static final int SAMPLES = 20;
    private static final Map<String, int[]> WIDTHS = new LinkedHashMap<>();

    static {
        WIDTHS.put("up", new int[] {48, 130});
        WIDTHS.put("down", new int[] {130, 48});
        WIDTHS.put("query", new int[] {67, 31});
        WIDTHS.put("scores", new int[] {31, 7});
    }

    private static ContinualLearner fresh() {
        LearnerBuilder builder =
                ContinualLearner.builder().rank(5).featureEnergy(0.5).backend(BackendChoice.CPU, 2);
        WIDTHS.forEach((site, widths) -> builder.site(site, widths[0], widths[1]));
        ContinualLearner learner = builder.build();
        learner.protectWeights(
                site -> Values.of(PlainTrainer.random(WIDTHS.get(site)[0] * WIDTHS.get(site)[1], site.hashCode())));
        return learner;
    }

    /** The values of one batch of one site; the same in every process. */
    private static float[] drawn(int task, int batch, String site, int length) {
        return PlainTrainer.random(length, 1000L * task + batch + 31L * site.hashCode());
    }

    /** One thread for a site, as what is added to one name must come in the same order. */
    private static void bySite(ExecutorService threads, BiConsumer<String, int[]> work) {
        List<Future<?>> pending = new ArrayList<>();
        WIDTHS.forEach((site, widths) -> pending.add(threads.submit(() -> work.accept(site, widths))));
        for (Future<?> one : pending) {
            try {
                one.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Learns one task; returns the bits of the factors, and of what is protected, as one number. */
    private static long learn(ContinualLearner learner, int task, ExecutorService threads) {
        long[] bits = {1};
        try (Gradients gradients = learner.gradients()) {
            bySite(threads, (site, widths) -> {
                for (int batch = 0; batch < BATCHES; batch++) {
                    gradients.add(site, drawn(task, batch, site, widths[0] * widths[1]));
                }
            });
            try (TaskAdapters adapters = learner.begin(gradients)) {
                for (SiteAdapter adapter : adapters) {
                    digest(bits, adapter.a());
                    digest(bits, adapter.b());
                }
            }
        }
        try (Inputs inputs = learner.inputs()) {
            bySite(threads, (site, widths) -> {
                for (int batch = 0; batch < BATCHES; batch++) {
                    inputs.add(site, drawn(-task, batch, site, SAMPLES * widths[0]));
                }
            });
            learner.end(inputs);
        }
        learner.state().protectedBases().values().forEach(basis -> digest(bits, basis));
        learner.state().freeBases().values().forEach(basis -> digest(bits, basis));
        return bits[0];
    }

    private static void digest(long[] bits, Matrix matrix) {
        for (float value : matrix.toFloats()) {
            bits[0] = 31 * bits[0] + Float.floatToRawIntBits(value);
        }
    }

    /** Loads the learner, or makes it before the first task; learns one task, saves, and prints the bits. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            Path file = Path.of(arguments[0]);
            int task = Integer.parseInt(arguments[1]);
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            try (Linalg linalg = Linalg.open(BackendChoice.CPU, 2);
                    ContinualLearner learner = task == 1 ? fresh() : ContinualLearner.load(file, linalg)) {
                System.out.println(learn(learner, task, threads));
                learner.save(file);
            } finally {
                threads.shutdown();
            }
            if (Matrix.open() != 0) {
                throw new IllegalStateException(Matrix.open() + " matrices are open");
            }
        }
    }

    @Test
    void aNewProcessAfterEveryTaskReachesTheSameBits(@TempDir Path folder) throws IOException, InterruptedException {
        long open = Matrix.open();
        List<Long> uninterrupted = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        long early = 0;
        try (ContinualLearner learner = fresh()) {
            for (int task = 1; task <= TASKS; task++) {
                uninterrupted.add(learn(learner, task, threads));
                if (task == TASKS / 2) {
                    early = Pointer.totalBytes() + Matrix.openBytes();
                }
            }
            long grown = Pointer.totalBytes() + Matrix.openBytes() - early;
            long ofSubspaces = WIDTHS.values().stream()
                    .mapToLong(widths -> (long) widths[0] * widths[0] * Float.BYTES)
                    .sum();
            assertTrue(grown <= ofSubspaces, "native memory grew by " + grown + " bytes over the later tasks");
        } finally {
            threads.shutdown();
        }
        assertEquals(open, Matrix.open());
        List<Long> resumed = new ArrayList<>();
        for (int task = 1; task <= TASKS; task++) {
            resumed.add(Long.parseLong(
                    ChildJvm.run(Program.class, folder.resolve("learner").toString(), String.valueOf(task))));
        }
        assertEquals(uninterrupted, resumed);
    }
}
