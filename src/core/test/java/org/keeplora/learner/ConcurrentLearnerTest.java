package org.keeplora.learner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;

/** Several threads at one learner: what is read of a sum belongs together, and nothing is read while it is closed. */
final class ConcurrentLearnerTest {
    private static final int WIDTH = 200;
    private static final int ADDING = 2;

    private final ExecutorService threads = Executors.newFixedThreadPool(ADDING + 1);
    private final Linalg linalg = Linalg.open(BackendChoice.CPU, 2);
    private final ContinualLearner learner = ContinualLearner.builder()
            .site("a", WIDTH, WIDTH)
            .rank(2)
            .linalg(linalg)
            .build();

    @TempDir
    private Path folder;

    @AfterEach
    void close() throws InterruptedException {
        threads.shutdown();
        assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES), "a thread hangs");
        learner.close();
        linalg.close();
    }

    private static float[] ones() {
        float[] ones = new float[WIDTH * WIDTH];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    void aSavedSumIsThatOfItsTerms() throws Exception {
        Gradients gradients = learner.gradients();
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(ADDING);
        List<Future<?>> adding = new ArrayList<>();
        for (int thread = 0; thread < ADDING; thread++) {
            adding.add(threads.submit(() -> {
                float[] ones = ones();
                gradients.add("a", ones);
                begun.countDown();
                while (!stop.get()) {
                    gradients.add("a", ones);
                }
            }));
        }
        begun.await();
        Path file = folder.resolve("learner");
        for (int i = 0; i < 10; i++) {
            learner.save(file);
            try (ContinualLearner loaded = ContinualLearner.load(file, linalg)) {
                Gradients stored = loaded.gradients();
                float expected = stored.terms("a");
                stored.alone(() -> {
                    for (float value : stored.totals().get("a").toFloats()) {
                        assertEquals(expected, value);
                    }
                    return null;
                });
            }
        }
        stop.set(true);
        for (Future<?> thread : adding) {
            thread.get();
        }
    }

    @Test
    void closingWaitsForATaskThatBegins() throws Exception {
        for (int i = 0; i < 10; i++) {
            Gradients gradients = learner.gradients();
            gradients.add("a", PlainTrainer.random(WIDTH * WIDTH, i));
            CountDownLatch start = new CountDownLatch(1);
            Future<?> closing = threads.submit(() -> {
                start.await();
                gradients.close();
                return null;
            });
            start.countDown();
            try {
                learner.begin(gradients).close();
                learner.end();
            } catch (IllegalStateException closedBefore) {
                assertEquals("Gradients: was used after close", closedBefore.getMessage());
            }
            closing.get();
        }
    }
}
